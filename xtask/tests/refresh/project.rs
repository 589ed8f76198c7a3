//! A project in a folder of its own, and what the program does in it.

use std::{
    collections::BTreeMap,
    env, fs,
    path::PathBuf,
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

/// In canonical form.
pub(crate) const SCHEMA: &str = "\
type Book @aws_api_key {
  id: ID!
  pages: Int
  title: String! @aws_iam
}

type Query {
  book(id: ID!): Book
  books(limit: Int = 20): [Book!]! @aws_iam
}
";

/// As `api_json` writes it.
pub(crate) const API: &str = r#"{
  "name": "books",
  "authenticationType": "API_KEY",
  "resolvers": [
    "Query.book"
  ]
}
"#;

const LOCAL: &str = "{ \"limits\": { \"nodes\": 5000 } }\n";

const GET_BOOK: &str = r#"
"Returns a book."
query GetBook("Which one." $id: ID!) @tool(title: "Book") { book(id: $id) { id title } }
"#;

/// What the program has done.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A folder, removed afterwards.
pub(crate) struct Project(PathBuf);

impl Project {
    /// A project with one tool, `get_book`.
    pub(crate) fn new() -> Self {
        // Tests of one process run beside each other.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let project = Self(env::temp_dir().join(format!("appsync-mcp-refresh-{}-{number}", process::id())));
        let _ = fs::remove_dir_all(&project.0);
        for (path, text) in [
            ("schema/schema.graphql", SCHEMA),
            ("schema/api.json", API),
            ("schema/api.local.json", LOCAL),
            ("operations/read/get_book.graphql", GET_BOOK),
        ] {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Returns every file below `schema/` by name, with its content and when it was written.
    pub(crate) fn schema_folder(&self) -> BTreeMap<String, (String, std::time::SystemTime)> {
        let entries = fs::read_dir(self.path("schema")).unwrap().map(Result::unwrap);
        let file = |entry: fs::DirEntry| {
            let content = fs::read_to_string(entry.path()).unwrap();
            let written = entry.metadata().unwrap().modified().unwrap();
            (entry.file_name().into_string().unwrap(), (content, written))
        };
        entries.map(file).collect()
    }

    /// The program in this folder, without what this machine's environment says of APIs.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.current_dir(&self.0).arg("refresh-schema").args(words);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("APPSYNC_MCP_") || name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        command
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", "/nowhere/config")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Done {
        self.run_with(words, &[])
    }

    pub(crate) fn run_with(&self, words: &[&str], variables: &[(&str, &str)]) -> Done {
        let mut command = self.command(words);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
