use serde_json::json;

use super::*;
use crate::specimen;
use crate::tool::{Excess, Kind};

const fn position(input: Input) -> Position {
    Position { input, nullable: false }
}

const fn argument(name: &'static str, input: Input, absent: Absent) -> Argument {
    Argument {
        name,
        description: "",
        value: position(input),
        absent,
        example: None,
    }
}

const fn text(length_min: usize, length_max: usize) -> Input {
    Input::Text {
        scalar: "String",
        normalize: &[],
        length_min,
        length_max,
        pattern: None,
        empty: false,
    }
}

const fn normalized(normalize: &'static [Normalize], length_max: usize) -> Input {
    Input::Text {
        scalar: "String",
        normalize,
        length_min: 1,
        length_max,
        pattern: None,
        empty: false,
    }
}

const fn integer(min: i64, max: i64, excess: Excess) -> Input {
    Input::Integer { min, max, excess }
}

const INT: Input = integer(i32::MIN as i64, i32::MAX as i64, Excess::Reject);
const DATE: Input = Input::Text {
    scalar: "AWSDate",
    normalize: &[],
    length_min: 0,
    length_max: 40,
    pattern: Some(Pattern {
        regex: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        hint: "a date such as 2026-01-31",
    }),
    empty: false,
};
const SIZE: Input = Input::Enum {
    name: "Size",
    values: &["SMALL", "LARGE"],
};

/// An input object that holds itself.
static FILTER: Input = Input::Object {
    name: "Filter",
    fields: &[
        argument("min", INT, Absent::Omitted),
        argument("kind", SIZE, Absent::Default("\"SMALL\"")),
        argument("must", text(1, 10), Absent::Required),
        Argument {
            name: "and",
            description: "",
            value: Position {
                input: Input::List {
                    item: &FILTER_ITEM,
                    items_min: 1,
                    items_max: 3,
                    unique: false,
                },
                nullable: false,
            },
            absent: Absent::Omitted,
            example: None,
        },
    ],
};
static FILTER_ITEM: Position = Position {
    input: Input::Object {
        name: "Filter",
        fields: match &FILTER {
            Input::Object { fields, .. } => fields,
            _ => &[],
        },
    },
    nullable: false,
};

fn spec(arguments: &'static [Argument]) -> ToolSpec {
    ToolSpec {
        arguments,
        ..specimen::spec("t", "T", Kind::Read)
    }
}

/// Decodes one argument `a`; the answer is its value and the notes, or the problems.
fn one(input: Input, absent: Absent, given: &Value) -> Result<Value, String> {
    let arguments: &'static [Argument] = Vec::leak(vec![argument("a", input, absent)]);
    let given = json!({ "a": given });
    match decode(&spec(arguments), given.as_object().unwrap().clone()) {
        Ok(decoded) => {
            let mut out = vec![decoded.values.get("a").cloned().unwrap_or(json!("ABSENT"))];
            out.extend(decoded.notes.into_iter().map(Value::String));
            Ok(if out.len() == 1 {
                out.remove(0)
            } else {
                Value::Array(out)
            })
        }
        Err(problems) => Err(problems
            .list()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" | ")),
    }
}

fn check(input: fn() -> Input, cases: &[(Value, Result<Value, &str>)]) {
    for (given, expected) in cases {
        let expected = expected.clone().map_err(str::to_owned);
        assert_eq!(one(input(), Absent::Required, given), expected, "{given}");
    }
}

#[test]
fn takes_integers_and_nothing_else() {
    check(
        || INT,
        &[
            (json!(10), Ok(json!(10))),
            (json!(1.0), Ok(json!(1))),
            (json!(-0.0), Ok(json!(0))),
            (json!(1e3), Ok(json!(1000))),
            (json!(2_147_483_647), Ok(json!(2_147_483_647))),
            (json!(1.5), Err("/a: expected an integer, got 1.5")),
            (json!("ten"), Err("/a: expected an integer, got \"ten\"")),
            (json!("10"), Ok(json!(10))),
            (json!(true), Err("/a: expected an integer, got true")),
            (json!(null), Err("/a: missing; an integer is required")),
            (json!([1]), Err("/a: expected an integer, got a list")),
            (
                json!(3_000_000_000_i64),
                Err("/a: expected an integer from -2147483648 to 2147483647, got 3000000000"),
            ),
            (
                json!(u64::MAX),
                Err("/a: expected an integer from -2147483648 to 2147483647, got 18446744073709551615"),
            ),
            (
                json!(1e300),
                Err("/a: expected an integer from -2147483648 to 2147483647, got 1e+300"),
            ),
        ],
    );
}

#[test]
fn caps_numbers_where_the_contract_says_so() {
    check(
        || integer(1, 100, Excess::Clamp),
        &[
            (json!(100), Ok(json!(100))),
            (
                json!(500),
                Ok(json!([100, "`a` was 500; the most is 100, so 100 was used"])),
            ),
            (json!(0), Ok(json!([1, "`a` was 0; the least is 1, so 1 was used"]))),
            (
                json!(1e300),
                Ok(json!([100, "`a` was 1e+300; the most is 100, so 100 was used"])),
            ),
            (json!(99.5), Err("/a: expected an integer, got 99.5")),
        ],
    );
    check(
        || Input::Float {
            min: 0.0,
            max: 1.5,
            excess: Excess::Clamp,
        },
        &[(
            json!(2),
            Ok(json!([1.5, "`a` was 2; the most is 1.5, so 1.5 was used"])),
        )],
    );
    check(
        || Input::Float {
            min: 0.0,
            max: f64::MAX,
            excess: Excess::Reject,
        },
        &[
            (json!(1), Ok(json!(1))),
            (json!(0.5), Ok(json!(0.5))),
            (json!(-1), Err("/a: expected a number of at least 0, got -1")),
            (json!("1"), Ok(json!(1))),
            (json!("1.50"), Ok(json!(1.5))),
            (json!("1e400"), Err("/a: expected a number, got \"1e400\"")),
        ],
    );
}

#[test]
fn counts_characters_after_normalising() {
    check(
        || text(2, 3),
        &[
            (json!("ab"), Ok(json!("ab"))),
            (json!("👍👍👍"), Ok(json!("👍👍👍"))),
            (json!("a\u{0}\n"), Ok(json!("a\u{0}\n"))),
            (json!("a"), Err("/a: expected 2 to 3 characters, got 1 character")),
            (json!("abcd"), Err("/a: expected 2 to 3 characters, got 4 characters")),
            (json!(5), Err("/a: expected a string, got 5")),
        ],
    );
    check(
        || normalized(&[Normalize::Trim, Normalize::Lowercase], 2),
        &[
            (json!("  AB\n"), Ok(json!("ab"))),
            (json!("   "), Err("/a: expected 1 to 2 characters, got 0 characters")),
        ],
    );
    check(
        || normalized(&[Normalize::Uppercase], 2),
        &[(json!("ß"), Ok(json!("SS")))],
    );
    check(
        || normalized(&[Normalize::CountryCode], 2),
        &[
            (json!("germany"), Ok(json!("DE"))),
            (
                json!("Germny"),
                Err(
                    "/a: expected a country as an ISO 3166-1 code or an English name, got \"Germny\"; did you mean Germany (DE)?",
                ),
            ),
        ],
    );
}

#[test]
fn takes_json_in_a_string_where_the_scalar_is_that() {
    check(
        || Input::Text {
            scalar: "AWSJSON",
            normalize: &[],
            length_min: 0,
            length_max: 200,
            pattern: None,
            empty: false,
        },
        &[
            (json!("{\"a\": [1, null]}"), Ok(json!("{\"a\": [1, null]}"))),
            (json!("1"), Ok(json!("1"))),
            (json!("{"), Err("/a: expected JSON in a string, got \"{\"")),
            (json!(""), Err("/a: expected JSON in a string, got \"\"")),
            (
                json!("[".repeat(200)),
                Err("/a: expected JSON in a string, got \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…\""),
            ),
            (
                json!({"b": [1, "x", null], "a": 1}),
                Ok(json!("{\"b\":[1,\"x\",null],\"a\":1}")),
            ),
            (json!([]), Ok(json!("[]"))),
            (json!(true), Ok(json!("true"))),
            (json!(0.5), Ok(json!("0.5"))),
            // The text is JSON, and what it holds is for the API to read.
            (json!("\"{}\""), Ok(json!("\"{}\""))),
            (json!(" null"), Ok(json!(" null"))),
            (json!(null), Err("/a: missing; JSON in a string is required")),
            // Digits may have been lost.
            (
                json!({"a": [12_345_678_901_234_567_890_u64]}),
                Err("/a: expected JSON in a string, got an object"),
            ),
            (json!(1e300), Err("/a: expected JSON in a string, got 1e+300")),
            (
                json!({"a": "x".repeat(200)}),
                Err("/a: expected at most 200 characters, got 208 characters"),
            ),
        ],
    );
}

#[test]
fn lists_a_bounded_number_of_enum_values() {
    let values: &'static [&'static str] = Vec::leak((0..40).map(|n| &*String::leak(format!("V{n}"))).collect());
    let refused = one(
        Input::Enum { name: "E", values },
        Absent::Required,
        &json!("no such value"),
    )
    .unwrap_err();
    assert!(
        refused.ends_with("V28, V29 or 10 more, got \"no such value\""),
        "{refused}"
    );
}

#[test]
fn matches_patterns_and_enum_values() {
    check(
        || DATE,
        &[
            (json!("2026-01-31"), Ok(json!("2026-01-31"))),
            (
                json!("2026-01-31\n"),
                Err("/a: expected a date such as 2026-01-31, got \"2026-01-31\\n\""),
            ),
            (
                json!("soon"),
                Err("/a: expected a date such as 2026-01-31, got \"soon\""),
            ),
        ],
    );
    check(
        || SIZE,
        &[
            (json!("SMALL"), Ok(json!("SMALL"))),
            (
                json!("small"),
                Err("/a: expected one of SMALL, LARGE, got \"small\"; did you mean `SMALL`?"),
            ),
            (
                json!("x\u{202e}y"),
                Err("/a: expected one of SMALL, LARGE, got \"x\\u{202e}y\""),
            ),
            (json!(1), Err("/a: expected a string, got 1")),
        ],
    );
    check(
        || Input::Boolean,
        &[
            (json!("true"), Ok(json!(true))),
            (json!(" false\n"), Ok(json!(false))),
            (json!("True"), Err("/a: expected true or false, got \"True\"")),
            (json!("1"), Err("/a: expected true or false, got \"1\"")),
            (json!(1), Err("/a: expected true or false, got 1")),
            (
                json!("\"true\""),
                Err("/a: expected true or false, got \"\\\"true\\\"\""),
            ),
        ],
    );
}

#[test]
fn frees_lists_of_duplicates_before_counting() {
    static NULLABLE: Position = Position {
        input: INT,
        nullable: true,
    };
    static ITEM: Position = position(normalized(&[Normalize::Trim], 3));
    check(
        || Input::List {
            item: &ITEM,
            items_min: 1,
            items_max: 2,
            unique: true,
        },
        &[
            (json!(["a", " a", "b", "a "]), Ok(json!(["a", "b"]))),
            (
                json!(["a", "b", "c"]),
                Err("/a: expected 1 to 2 different items, got 3"),
            ),
            (json!([]), Err("/a: expected 1 to 2 different items, got 0")),
            (
                json!([1, "a", null]),
                Err("/a/0: expected a string, got 1 | /a/2: expected a string, got null"),
            ),
            (json!("a"), Err("/a: expected a list, got \"a\"")),
        ],
    );
    check(
        || Input::List {
            item: &ITEM,
            items_min: 0,
            items_max: 2,
            unique: false,
        },
        &[
            (json!(["a", "a"]), Ok(json!(["a", "a"]))),
            (json!(["a", "a", "a"]), Err("/a: expected at most 2 items, got 3")),
        ],
    );
    check(
        || Input::List {
            item: &NULLABLE,
            items_min: 0,
            items_max: 9,
            unique: true,
        },
        &[(json!([null, 1.0, 1, null]), Ok(json!([null, 1])))],
    );
}

#[test]
fn keeps_absent_null_and_default_apart() {
    for (nullable, absent, given, expected) in [
        (false, Absent::Omitted, json!({}), json!({})),
        (false, Absent::Omitted, json!({"a": null}), json!({})),
        (true, Absent::Omitted, json!({}), json!({})),
        (true, Absent::Omitted, json!({"a": null}), json!({"a": null})),
        (false, Absent::Default("7"), json!({}), json!({"a": 7})),
        (false, Absent::Default("7"), json!({"a": null}), json!({"a": 7})),
        (true, Absent::Default("7"), json!({"a": null}), json!({"a": null})),
        (true, Absent::Default("null"), json!({}), json!({"a": null})),
        (true, Absent::Required, json!({"a": null}), json!({"a": null})),
    ] {
        let mut argument = argument("a", INT, absent);
        argument.value.nullable = nullable;
        let decoded = decode(&spec(Vec::leak(vec![argument])), given.as_object().unwrap().clone()).unwrap();
        assert_eq!(Value::Object(decoded.values), expected, "{nullable} {absent:?} {given}");
    }
}

#[test]
fn walks_input_objects_and_reports_all_problems_with_their_pointers() {
    static ARGUMENTS: [Argument; 3] = [
        argument("limit", integer(1, 100, Excess::Clamp), Absent::Default("20")),
        Argument {
            name: "filter",
            description: "",
            value: Position {
                input: Input::List {
                    item: &FILTER_ITEM,
                    items_min: 0,
                    items_max: 9,
                    unique: false,
                },
                nullable: false,
            },
            absent: Absent::Omitted,
            example: None,
        },
        argument("keywords", text(2, 9), Absent::Required),
    ];
    let spec = spec(&ARGUMENTS);
    let decoded = |given: Value| decode(&spec, given.as_object().unwrap().clone());

    let ok =
        decoded(json!({"keywords": "ab", "filter": [{"and": [{"must": "y"}], "must": "x", "min": null}]})).unwrap();
    let expected =
        r#"{"limit":20,"filter":[{"kind":"SMALL","must":"x","and":[{"kind":"SMALL","must":"y"}]}],"keywords":"ab"}"#;
    assert_eq!(Value::Object(ok.values).to_string(), expected);
    assert_eq!(ok.notes, Vec::<String>::new());

    let problems = decoded(json!({
        "limit": "ten", "Keywords": "ab", "x/y~z\u{0}": 1,
        "filter": [{"mni": 1, "must": ""}, 5, {"must": "x", "and": []}],
    }))
    .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "invalid arguments:\n\
         - /limit: expected an integer, got \"ten\"\n\
         - /filter/0/must: expected 1 to 10 characters, got 0 characters\n\
         - /filter/0/mni: unknown field of `Filter`; did you mean `min`?\n\
         - /filter/1: expected an object, got 5\n\
         - /filter/2/and: expected 1 to 3 items, got 0\n\
         - /keywords: missing; a string is required\n\
         - /Keywords: unknown argument; did you mean `keywords`?\n\
         - /x~1y~0z\\0: unknown argument"
    );
}

#[test]
fn stays_cheap_and_brief_whatever_it_is_given() {
    static ARGUMENTS: [Argument; 2] = [
        argument(
            "deep",
            Input::Object {
                name: "Filter",
                fields: match &FILTER {
                    Input::Object { fields, .. } => fields,
                    _ => &[],
                },
            },
            Absent::Omitted,
        ),
        argument("text", text(0, 5), Absent::Omitted),
    ];
    let spec = spec(&ARGUMENTS);
    let mut deep = json!({"must": "x"});
    for _ in 0..100 {
        deep = json!({"must": "x", "and": [deep]});
    }
    let problems = decode(&spec, json!({"deep": deep}).as_object().unwrap().clone()).unwrap_err();
    assert!(
        problems.to_string().ends_with("is nested more than 32 levels deep"),
        "{problems}"
    );

    let problems = decode(&spec, json!({"text": "x".repeat(1 << 20)}).as_object().unwrap().clone()).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "invalid argument: /text: expected at most 5 characters, got 1048576 characters"
    );

    let many: JsonObject = (0..100_000)
        .map(|n| (format!("{n}{}", "x".repeat(100)), json!(n)))
        .collect();
    let problems = decode(&spec, many).unwrap_err();
    assert_eq!((problems.list().len(), problems.more()), (50, 99_950));
    assert!(problems.to_string().len() < 5_000);
}

#[test]
fn bounds_the_notes() {
    static ITEM: Position = position(integer(0, 1, Excess::Clamp));
    let list = Input::List {
        item: &ITEM,
        items_min: 0,
        items_max: 50,
        unique: false,
    };
    let spec = spec(Vec::leak(vec![argument("a", list, Absent::Omitted)]));
    let decoded = decode(&spec, json!({"a": vec![7; 50]}).as_object().unwrap().clone()).unwrap();
    assert_eq!(decoded.notes.len(), 11);
    assert_eq!(decoded.notes[0], "`/a/0` was 7; the most is 1, so 1 was used");
    assert_eq!(decoded.notes[10], "40 more arguments were capped in the same way");
}

#[test]
fn a_text_that_is_one_number_is_that_number() {
    check(
        || INT,
        &[
            (json!("50"), Ok(json!(50))),
            (json!(" -7\n"), Ok(json!(-7))),
            (json!("1e2"), Ok(json!(100))),
            (json!("50.0"), Ok(json!(50))),
            (json!("1.5"), Err("/a: expected an integer, got 1.5")),
            (
                json!("3000000000"),
                Err("/a: expected an integer from -2147483648 to 2147483647, got 3000000000"),
            ),
            (json!(""), Err("/a: expected an integer, got \"\"")),
            (json!("null"), Err("/a: missing; an integer is required")),
            (json!("50 60"), Err("/a: expected an integer, got \"50 60\"")),
            (json!("+50"), Err("/a: expected an integer, got \"+50\"")),
            (json!("050"), Err("/a: expected an integer, got \"050\"")),
            (json!("0x10"), Err("/a: expected an integer, got \"0x10\"")),
            (json!("1,000"), Err("/a: expected an integer, got \"1,000\"")),
            (json!("\u{a0}50"), Err("/a: expected an integer, got \"\\u{a0}50\"")),
            (json!("NaN"), Err("/a: expected an integer, got \"NaN\"")),
            (json!("true"), Err("/a: expected an integer, got \"true\"")),
            (json!("[50]"), Err("/a: expected an integer, got \"[50]\"")),
            // A text is read once.
            (json!("\"50\""), Err("/a: expected an integer, got \"\\\"50\\\"\"")),
        ],
    );
    check(
        || integer(1, 100, Excess::Clamp),
        &[(
            json!("500"),
            Ok(json!([100, "`a` was 500; the most is 100, so 100 was used"])),
        )],
    );
}

#[test]
fn a_text_that_is_one_list_or_object_is_that_one() {
    static TEXT_ITEM: Position = position(text(0, 9));
    static INT_ITEM: Position = Position {
        input: INT,
        nullable: true,
    };
    static INTS_ITEM: Position = position(list_of(&INT_ITEM));
    check(
        || list_of(&TEXT_ITEM),
        &[
            (json!("[\"c-1\", \"c-2\"]"), Ok(json!(["c-1", "c-2"]))),
            (json!(" []\n"), Ok(json!([]))),
            (json!("[1]"), Err("/a/0: expected a string, got 1")),
            // Of a list of texts, a text is no item: nobody knows whether `a,b` is one or two.
            (json!("a"), Err("/a: expected a list, got \"a\"")),
            (json!("a,b"), Err("/a: expected a list, got \"a,b\"")),
            (json!("[a, b]"), Err("/a: expected a list, got \"[a, b]\"")),
            (json!("[\"a\"] x"), Err("/a: expected a list, got \"[\\\"a\\\"] x\"")),
            (json!("{}"), Err("/a: expected a list, got \"{}\"")),
            (json!(""), Err("/a: expected a list, got \"\"")),
            // A text stays one where texts are asked for.
            (
                json!(["[1]", "50", "null", "true", ""]),
                Ok(json!(["[1]", "50", "null", "true", ""])),
            ),
        ],
    );
    check(
        || list_of(&INTS_ITEM),
        &[
            (json!("[[1, null], [\"2\"]]"), Ok(json!([[1, null], [2]]))),
            (json!(["[1, \"2\", \"null\"]", []]), Ok(json!([[1, 2, null], []]))),
            (json!("[\"[1\"]"), Err("/a/0: expected a list, got \"[1\"")),
        ],
    );
    check(
        || Input::Object {
            name: "Filter",
            fields: match &FILTER {
                Input::Object { fields, .. } => fields,
                _ => &[],
            },
        },
        &[
            (
                json!("{\"must\": \"x\", \"min\": \"5\", \"and\": \"[{\\\"must\\\": \\\"y\\\"}]\"}"),
                Ok(json!({"min": 5, "kind": "SMALL", "must": "x", "and": [{"kind": "SMALL", "must": "y"}]})),
            ),
            (json!("{\"must\": 1}"), Err("/a/must: expected a string, got 1")),
            // PHP writes an empty object so.
            (json!([]), Err("/a/must: missing; a string is required")),
            (json!("[ ]"), Err("/a/must: missing; a string is required")),
            (json!([{"must": "x"}]), Err("/a: expected an object, got a list")),
            (json!("[1]"), Err("/a: expected an object, got \"[1]\"")),
            (json!("must"), Err("/a: expected an object, got \"must\"")),
            (json!("\"{}\""), Err("/a: expected an object, got \"\\\"{}\\\"\"")),
        ],
    );
}

#[test]
fn a_whole_number_is_an_id() {
    static ID_ITEM: Position = position(ID);
    check(
        || ID,
        &[
            (json!("c-1"), Ok(json!("c-1"))),
            (json!("null"), Ok(json!("null"))),
            (json!(42), Ok(json!("42"))),
            (json!(-42), Ok(json!("-42"))),
            (json!(9_007_199_254_740_991_i64), Ok(json!("9007199254740991"))),
            // Of these nobody knows how they were written.
            (
                json!(9_007_199_254_740_992_i64),
                Err("/a: expected a string, got 9007199254740992"),
            ),
            (json!(u64::MAX), Err("/a: expected a string, got 18446744073709551615")),
            (json!(4.0), Err("/a: expected a string, got 4.0")),
            (json!(1e3), Err("/a: expected a string, got 1000.0")),
            (json!(4.5), Err("/a: expected a string, got 4.5")),
            (json!(true), Err("/a: expected a string, got true")),
        ],
    );
    check(
        || Input::List {
            item: &ID_ITEM,
            items_min: 0,
            items_max: 9,
            unique: true,
        },
        &[
            (json!([1, "1", 2]), Ok(json!(["1", "2"]))),
            (json!("[1, \"c-2\"]"), Ok(json!(["1", "c-2"]))),
        ],
    );
}

const ID: Input = Input::Text {
    scalar: "ID",
    normalize: &[],
    length_min: 0,
    length_max: 20,
    pattern: None,
    empty: false,
};

const fn list_of(item: &'static Position) -> Input {
    Input::List {
        item,
        items_min: 0,
        items_max: 9,
        unique: false,
    }
}

/// A text whose contract says `@length(min: 0)`.
const fn possibly_empty(normalize: &'static [Normalize]) -> Input {
    Input::Text {
        scalar: "String",
        normalize,
        length_min: 0,
        length_max: 9,
        pattern: None,
        empty: true,
    }
}

#[test]
fn an_empty_text_is_nothing_where_nothing_can_be() {
    static TEXT_ITEM: Position = position(text(0, 9));
    let nothing = json!("ABSENT");
    for (input, given, expected) in [
        (text(0, 9), json!(""), Ok(nothing.clone())),
        (text(2, 9), json!(""), Ok(nothing.clone())),
        (text(0, 9), json!(" "), Ok(json!(" "))),
        (text(0, 9), json!("null"), Ok(json!("null"))),
        (possibly_empty(&[]), json!(""), Ok(json!(""))),
        (possibly_empty(&[Normalize::Trim]), json!(" "), Ok(json!(""))),
        (possibly_empty(&[]), json!(null), Ok(nothing.clone())),
        (normalized(&[Normalize::Trim], 9), json!(" \n"), Ok(nothing.clone())),
        (
            normalized(&[Normalize::CountryCode], 9),
            json!(" "),
            Ok(nothing.clone()),
        ),
        (
            normalized(&[Normalize::CountryCode], 9),
            json!("-"),
            Err("/a: expected a country as an ISO 3166-1 code or an English name, got \"-\""),
        ),
        (normalized(&[Normalize::Lowercase], 9), json!(" "), Ok(json!(" "))),
        (DATE, json!(""), Ok(nothing.clone())),
        (
            DATE,
            json!(" "),
            Err("/a: expected a date such as 2026-01-31, got \" \""),
        ),
        (ID, json!(""), Ok(nothing.clone())),
        (SIZE, json!(""), Ok(nothing.clone())),
        (INT, json!(""), Ok(nothing.clone())),
        (INT, json!("null"), Ok(nothing.clone())),
        (INT, json!(" "), Err("/a: expected an integer, got \" \"")),
        (Input::Boolean, json!("null"), Ok(nothing.clone())),
        (list_of(&TEXT_ITEM), json!(""), Ok(nothing.clone())),
        (list_of(&TEXT_ITEM), json!("null"), Ok(nothing.clone())),
        // An item is not optional.
        (list_of(&TEXT_ITEM), json!([""]), Ok(json!([""]))),
        (list_of(&TEXT_ITEM), json!([]), Ok(json!([]))),
    ] {
        assert_eq!(
            one(input, Absent::Omitted, &given),
            expected.map_err(str::to_owned),
            "{given}"
        );
    }
    assert_eq!(one(text(0, 9), Absent::Default("\"x\""), &json!("")), Ok(json!("x")));
    assert_eq!(one(text(0, 9), Absent::Required, &json!("")), Ok(json!("")));
    assert_eq!(
        one(text(1, 9), Absent::Required, &json!("")),
        Err("/a: expected 1 to 9 characters, got 0 characters".to_owned())
    );
}

#[test]
fn what_the_author_wrote_into_a_default_is_meant() {
    static FIELDS: [Argument; 2] = [
        argument("text", text(0, 9), Absent::Omitted),
        argument("number", INT, Absent::Omitted),
    ];
    let object = || Input::Object {
        name: "O",
        fields: &FIELDS,
    };
    let default = Absent::Default("{\"text\":\"\",\"number\":null}");
    let spec = ToolSpec {
        arguments: Vec::leak(vec![
            argument("a", object(), default),
            argument("b", object(), Absent::Omitted),
        ]),
        ..specimen::spec("t", "T", WRITE)
    };
    let given = json!({"b": {"text": "", "number": null}});
    let decoded = decode(&spec, given.as_object().unwrap().clone()).unwrap();
    assert_eq!(Value::from(decoded.values), json!({"a": {"text": ""}, "b": {}}));
    assert_eq!(
        decoded.notes,
        ["`/b/text`, `/b/number`: null or an empty text was taken as not given; nothing was cleared"]
    );
}

const WRITE: Kind = Kind::Write {
    destructive: true,
    idempotent: false,
};

#[test]
fn a_write_says_what_it_took_as_not_given() {
    static ITEM: Position = position(Input::Object {
        name: "O",
        fields: &INNER,
    });
    static INNER: [Argument; 3] = [
        argument("text", text(0, 9), Absent::Omitted),
        argument("state", SIZE, Absent::Default("\"LARGE\"")),
        Argument {
            value: Position {
                input: INT,
                nullable: true,
            },
            ..argument("cleared", INT, Absent::Omitted)
        },
    ];
    static ARGUMENTS: [Argument; 3] = [
        argument("shelf", text(0, 9), Absent::Omitted),
        argument("limit", INT, Absent::Omitted),
        argument(
            "list",
            Input::List {
                item: &ITEM,
                items_min: 0,
                items_max: 50,
                unique: false,
            },
            Absent::Omitted,
        ),
    ];
    let said = |kind: Kind, given: &Value| {
        let spec = ToolSpec {
            arguments: &ARGUMENTS,
            ..specimen::spec("t", "T", kind)
        };
        let decoded = decode(&spec, given.as_object().unwrap().clone()).unwrap();
        (Value::from(decoded.values), decoded.notes)
    };
    for (given, values, note) in [
        (json!({}), json!({}), None),
        (
            json!({"shelf": null}),
            json!({}),
            Some("`shelf`: null was taken as not given; nothing was cleared"),
        ),
        (
            json!({"shelf": ""}),
            json!({}),
            Some("`shelf`: an empty text was taken as not given; nothing was cleared"),
        ),
        (
            json!({"shelf": "", "limit": "null"}),
            json!({}),
            Some("`shelf`, `limit`: null or an empty text was taken as not given; nothing was cleared"),
        ),
        (
            json!({"list": [{"text": "x", "cleared": null}, {"text": null, "state": "", "cleared": "null"}]}),
            json!({"list": [
                {"text": "x", "state": "LARGE", "cleared": null},
                {"state": "LARGE", "cleared": null},
            ]}),
            Some("`/list/1/text`, `/list/1/state`: null or an empty text was taken as not given; nothing was cleared"),
        ),
    ] {
        assert_eq!(said(Kind::Read, &given), (values.clone(), Vec::new()), "{given}");
        let note: Vec<String> = note.map(str::to_owned).into_iter().collect();
        assert_eq!(said(WRITE, &given), (values, note), "{given}");
    }
    let (_, notes) = said(WRITE, &json!({"list": vec![json!({"text": ""}); 50]}));
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].ends_with("`/list/9/text` and 40 more: an empty text was taken as not given; nothing was cleared"),
        "{notes:?}"
    );
}

/// Neither a text within a text within a text nor a long one leads anywhere.
#[test]
fn a_text_that_is_read_goes_no_deeper_than_the_contract() {
    let filter = || Input::Object {
        name: "Filter",
        fields: match &FILTER {
            Input::Object { fields, .. } => fields,
            _ => &[],
        },
    };
    // Escaping doubles each level, so that a line's length is the bound of these.
    let mut nested = json!({"must": "x"}).to_string();
    for _ in 0..12 {
        nested = json!({"must": "x", "and": [nested]}).to_string();
    }
    assert!(one(filter(), Absent::Required, &json!(nested)).is_ok());
    let mut deep = json!({"must": "x"});
    for _ in 0..50 {
        deep = json!({"must": "x", "and": [deep]});
    }
    let refused = one(filter(), Absent::Required, &json!(deep.to_string())).unwrap_err();
    assert!(refused.ends_with("is nested more than 32 levels deep"), "{refused}");
    for open in ["[", "{\"and\":["] {
        let refused = one(filter(), Absent::Required, &json!(open.repeat(100_000))).unwrap_err();
        assert!(refused.starts_with("/a: expected an object, got \""), "{refused}");
        assert!(refused.len() < 200, "{refused}");
    }
    let refused = one(INT, Absent::Required, &json!("9".repeat(1 << 20))).unwrap_err();
    assert!(refused.len() < 200, "{refused}");
}
