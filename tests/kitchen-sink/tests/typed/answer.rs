//! What the generated types make of an answer's bytes: all that fits is taken, and of the rest the place is named.

use appsync_mcp::tool::Operation;
use appsync_mcp_client::Envelope;
use appsync_mcp_kitchen_sink::generated::{
    being::Being, choose_notes::ChooseNotes, find_notes::FindNotes, get_node::GetNode, list_things::ListThings,
    names::Names, numbers::Numbers, ping::Ping, price::Price, save_note::SaveNote, touch::Touch,
};

/// Decodes an answer, and returns what is wrong with it.
fn wrong<O: Operation>(data: &str) -> Option<String> {
    let body = format!(r#"{{"data":{data}}}"#);
    Envelope::<O::Data>::decode(body.as_bytes())
        .err()
        .map(|error| error.to_string())
}

/// Checks that data is refused at this place for this reason.
fn refuses<O: Operation>(data: &str, place: &str, reason: &str) {
    let expected = format!("unexpected answer at `data{place}`: {reason}");
    assert_eq!(wrong::<O>(data).as_deref(), Some(expected.as_str()), "{data}");
}

fn takes<O: Operation>(data: &str) {
    assert_eq!(wrong::<O>(data), None, "{data}");
}

/// The answer to `find_notes` with one draft, whose member `key` is this.
fn draft(key: &str, value: &str) -> String {
    let members = [
        ("id", r#""1""#),
        ("createdAt", "1700000000"),
        ("title", r#""t""#),
        ("headline", r#""t""#),
        ("state", r#""DONE""#),
        ("related", "null"),
        ("size", "7"),
        ("pinned", "true"),
        ("price", "0.5"),
    ];
    let member =
        |(name, usual): (&str, &'static str)| format!(r#""{name}":{}"#, if name == key { value } else { usual });
    let members = members.map(member).join(",");
    let more = if members.contains(&format!(r#""{key}":"#)) {
        String::new()
    } else {
        format!(r#","{key}":{value}"#)
    };
    format!(r#"{{"notes":null,"drafts":{{"items":[{{{members}{more}}}]}}}}"#)
}

#[test]
fn a_wrong_scalar_is_named() {
    let (text, int, number, boolean) = ("a string", "an integer", "a number", "a boolean");
    for (key, wire, wrong) in [
        ("id", text, [("7", int), ("true", boolean), ("{}", "an object")]),
        ("title", text, [("7", int), ("null", "null"), (r#"["t"]"#, "a list")]),
        (
            "createdAt",
            int,
            [(r#""1700000000""#, text), ("true", boolean), ("{}", "an object")],
        ),
        ("size", int, [(r#""7""#, text), ("false", boolean), ("[]", "a list")]),
        (
            "pinned",
            boolean,
            [("0", int), (r#""true""#, text), ("1.5", "a number with a fraction")],
        ),
        (
            "price",
            number,
            [(r#""0.5""#, text), ("true", boolean), ("{}", "an object")],
        ),
        ("state", text, [("1", int), ("null", "null"), ("false", boolean)]),
    ] {
        for (value, found) in wrong {
            refuses::<FindNotes>(
                &draft(key, value),
                &format!(".drafts.items[0].{key}"),
                &format!("expected {wire}, got {found}"),
            );
        }
    }
    refuses::<GetNode>(
        r#"{"node":{"__typename":"Photo","id":"1","createdAt":null,"url":{"href":"https://example.com/"},"wide":null}}"#,
        ".node.url",
        "expected a string, got an object",
    );
    // What a text looks like is not looked at, and a whole number is one of a `Float`'s.
    takes::<GetNode>(r#"{"node":{"__typename":"Photo","id":"","createdAt":-1,"url":"no URL","wide":null}}"#);
    takes::<Price>(r#"{"price":2}"#);
}

#[test]
fn a_number_keeps_to_its_range() {
    let wide = |number: &str| {
        format!(r#"{{"node":{{"__typename":"Photo","id":"1","createdAt":null,"url":"u","wide":{number}}}}}"#)
    };
    for number in ["2147483647", "-2147483648"] {
        takes::<GetNode>(&wide(number));
    }
    for number in ["2147483648", "-2147483649", "9223372036854775807"] {
        refuses::<GetNode>(
            &wide(number),
            ".node.wide",
            "expected an integer, got one out of its range",
        );
    }
    for whole in ["1.0", "1e2", "-0"] {
        takes::<GetNode>(&wide(whole));
    }
    refuses::<GetNode>(
        &wide("1.5"),
        ".node.wide",
        "expected an integer, got a number with a fraction",
    );
    // AppSync's timestamps have 64 bits.
    for number in ["9223372036854775807", "9223372036854775807.0", "1.7e9"] {
        takes::<FindNotes>(&draft("createdAt", number));
    }
    refuses::<FindNotes>(
        &draft("createdAt", "9223372036854775808"),
        ".drafts.items[0].createdAt",
        "expected an integer, got one out of its range",
    );
    refuses::<Price>(r#"{"price":1e400}"#, ".price", "the number is too large");
}

#[test]
fn a_null_is_named_where_there_is_none() {
    let null = |wire: &str| format!("expected {wire}, got null");
    refuses::<Ping>(r#"{"ping":null}"#, ".ping", &null("a string"));
    refuses::<Numbers>(r#"{"numbers":null}"#, ".numbers", &null("a list"));
    refuses::<Numbers>(r#"{"numbers":[[1],[2,null]]}"#, ".numbers[1][1]", &null("an integer"));
    refuses::<ListThings>(
        r#"{"things":[{"__typename":"Other"},null]}"#,
        ".things[1]",
        &null("an object"),
    );
    refuses::<FindNotes>(
        r#"{"notes":{"items":[null],"nextToken":null},"drafts":null}"#,
        ".notes.items[0]",
        &null("an object"),
    );
    refuses::<FindNotes>(
        r#"{"notes":{"items":null,"nextToken":null},"drafts":null}"#,
        ".notes.items",
        &null("a list"),
    );
    takes::<Numbers>(r#"{"numbers":[null]}"#);
    takes::<Names>(r#"{"names":[null]}"#);
    takes::<FindNotes>(r#"{"notes":null,"drafts":null}"#);
}

#[test]
fn a_list_is_no_object() {
    let list = "expected an object, got a list";
    refuses::<FindNotes>(r#"{"notes":[[],null],"drafts":null}"#, ".notes", list);
    refuses::<FindNotes>(
        r#"{"notes":{"items":[[]],"nextToken":null},"drafts":null}"#,
        ".notes.items[0]",
        list,
    );
    refuses::<SaveNote>(r#"{"saveNote":["1","t","DRAFT",null]}"#, ".saveNote", list);
    refuses::<ListThings>(r#"{"things":[["Note","1","t"]]}"#, ".things[0]", list);
    refuses::<GetNode>(r#"{"node":["Map"]}"#, ".node", list);
}

#[test]
fn what_is_missing_is_named() {
    refuses::<Ping>("{}", "", "`ping` is missing");
    refuses::<Touch>("{}", "", "`touch` is missing");
    refuses::<FindNotes>(
        r#"{"notes":{"items":[]},"drafts":null}"#,
        ".notes",
        "`nextToken` is missing",
    );
    refuses::<ListThings>(r#"{"things":[{"id":"1"}]}"#, ".things[0]", "`__typename` is missing");
    refuses::<GetNode>(
        r#"{"node":{"__typename":"Note","id":"1","createdAt":null,"title":"t"}}"#,
        ".node",
        "`state` is missing",
    );
    takes::<ChooseNotes>(r#"{"notes":{"items":[{"id":"1","always":"a","price":null}]}}"#);
}

#[test]
fn a_field_that_was_not_asked_for_is_named() {
    let more = "this field was not asked for";
    refuses::<Ping>(r#"{"ping":"pong","pong":"ping"}"#, ".pong", more);
    refuses::<Ping>(r#"{"__typename":"Query","ping":"pong"}"#, ".__typename", more);
    refuses::<FindNotes>(&draft("body", r#""b""#), ".drafts.items[0].body", more);
    refuses::<FindNotes>(&draft("no name", "null"), ".drafts.items[0].?", more);
    refuses::<FindNotes>(
        r#"{"notes":{"items":[],"nextToken":null,"total":0},"drafts":null}"#,
        ".notes.total",
        more,
    );
    // `Photo` has become a `Note`'s kin in a newer schema, `Map` is a type of it: other fragments are on them too.
    takes::<GetNode>(r#"{"node":{"__typename":"Photo","id":"1","createdAt":null,"url":"u","wide":1,"title":"t"}}"#);
    takes::<GetNode>(r#"{"node":{"__typename":"Map","id":"1","createdAt":null,"title":"t"}}"#);
    takes::<ListThings>(r#"{"things":[{"__typename":"Map","id":"1"}]}"#);
    takes::<Being>(
        r#"{"being":{"__typename":"Robot","parent":{"id":"1","wings":2},"children":null,"keeper":{"id":"1","parent":null,"name":"n"},"habitat":null},"again":null,"common":null}"#,
    );
}

#[test]
fn what_is_there_twice_is_named() {
    refuses::<Ping>(r#"{"ping":"a","ping":"a"}"#, "", "`ping` is there twice");
    refuses::<FindNotes>(
        r#"{"notes":{"items":[],"nextToken":null,"items":[]},"drafts":null}"#,
        ".notes",
        "`items` is there twice",
    );
}

#[test]
fn what_can_be_no_value_of_an_enum_is_named() {
    let saved = |state: &str| format!(r#"{{"saveNote":{{"id":"1","title":"t","state":{state},"tags":null}}}}"#);
    for state in [r#""DRAFT""#, r#""CAME_LATER""#, r#""draft""#] {
        takes::<SaveNote>(&saved(state));
    }
    let long = format!(r#""{}""#, "X".repeat(129));
    for state in [r#""""#, r#""in progress""#, r#""2ND""#, r#""<b>""#, &long] {
        refuses::<SaveNote>(
            &saved(state),
            ".saveNote.state",
            "expected a value of the enum `State`, got another value",
        );
    }
}

#[test]
fn half_a_character_costs_no_answer() {
    takes::<Names>(r#"{"names":["\ud83d\ude00","cut \ud83d"]}"#);
}
