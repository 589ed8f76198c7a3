//! Nothing: this package is its test, which is one of its own since it builds every dependency once more.
