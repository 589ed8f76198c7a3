//! What passes through the generated types comes out as it went in, and is what the advertised schemas say.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test fails as the test does"
)]

mod answer;
mod request;
mod schema;

use appsync_mcp::tool::{Operation, Output};
use appsync_mcp_kitchen_sink::generated::{
    any_type::AnyType, being::Being, choose_notes::ChooseNotes, cynic2::Cynic, escaped::Escaped2 as Escaped,
    find_notes::FindNotes, get_common::GetCommon, get_node::GetNode, keywords::Keywords2 as Keywords,
    list_things::ListThings, mixed::Mixed, names::Names, numbers::Numbers, ping::Ping, prelude::Prelude, price::Price,
    save_note::SaveNote, std2::Std2 as Std, touch::Touch,
};
use serde_json::{Value, json};

/// Returns arguments as they are sent: decoded into the operation's variables and written again.
fn sent<O: Operation>(arguments: &Value) -> Value {
    schema::assert_valid(arguments, O::SPEC.input_schema);
    variables::<O>(arguments)
}

/// Returns the variables that the generated types make of arguments, be they what the schema asks for or not.
fn variables<O: Operation>(arguments: &Value) -> Value {
    let variables: O::Variables = serde_json::from_value(arguments.clone()).expect("the arguments decode");
    serde_json::to_value(variables).expect("variables are JSON")
}

/// Checks that arguments are sent as they are.
fn sends<O: Operation>(arguments: &Value) {
    assert_eq!(sent::<O>(arguments), *arguments);
}

/// Checks that `data` comes back as it is, and that the result is what the output schema says.
fn returns<O: Operation>(data: &Value) {
    let decoded: O::Data = serde_json::from_value(data.clone()).expect("the data decodes");
    let written = serde_json::to_value(decoded).expect("data is JSON");
    assert_eq!(written, *data);
    let result = match O::SPEC.output {
        Output::Object { key } => written[key].clone(),
        Output::Items { key } => json!({ "items": written[key] }),
        Output::Value { key } => json!({ "value": written[key] }),
        Output::Data => written,
    };
    schema::assert_valid(&result, O::SPEC.output_schema);
}

/// Checks that `data` comes back as it is.
fn decodes<O: Operation>(data: &Value) {
    let decoded: O::Data = serde_json::from_value(data.clone()).expect("the data decodes");
    assert_eq!(serde_json::to_value(decoded).expect("data is JSON"), *data);
}

/// Checks that `data` is not what the operation asked for.
fn refuses<O: Operation>(data: &Value) {
    assert!(serde_json::from_value::<O::Data>(data.clone()).is_err(), "{data}");
}

#[test]
fn a_nullable_variable_has_three_states() {
    let input = json!({ "title": "x" });
    sends::<SaveNote>(&json!({ "input": input }));
    sends::<SaveNote>(&json!({ "input": input, "tags": null }));
    sends::<SaveNote>(&json!({ "input": input, "tags": ["a", "b"] }));
}

#[test]
fn an_optional_variable_has_two_states() {
    sends::<AnyType>(&json!({}));
    sends::<AnyType>(&json!({ "q": "x" }));
    assert_eq!(variables::<AnyType>(&json!({ "q": null })), json!({}));
}

#[test]
fn what_may_be_left_out_is_there_absent_or_null() {
    let related = json!([{ "id": "2", "title": "b", "state": "DONE" }]);
    for note in [
        json!({ "id": "1", "always": "a", "price": null }),
        json!({ "id": "1", "always": "a", "price": null, "related": null }),
        json!({
            "id": "1", "title": "a", "body": null, "tags": ["x"], "related": related, "state": "DONE", "price": null, "always": "a",
        }),
    ] {
        decodes::<ChooseNotes>(&json!({ "notes": { "items": [note] } }));
        decodes::<ChooseNotes>(&json!({ "notes": { "items": [note], "nextToken": null }, "ping": "x" }));
    }
    let items = |note: Value| json!({ "notes": { "items": [note] } });
    // What is not to be left out is still missed, and what may not be null is no null.
    refuses::<ChooseNotes>(&items(json!({ "id": "1", "always": "a" })));
    refuses::<ChooseNotes>(&items(json!({ "id": "1", "price": null })));
    refuses::<ChooseNotes>(&items(
        json!({ "id": "1", "always": "a", "price": null, "title": null }),
    ));
}

#[test]
fn input_objects_nest_repeat_and_contain_themselves() {
    let place = json!({ "name": "here", "point": { "x": 1.5, "y": -2.0 }, "grid": [[1.0], []] });
    sends::<SaveNote>(&json!({
        "input": {
            "title": "t",
            "state": "DONE",
            "place": place,
            "places": [place, { "name": "there" }],
            "parent": { "title": "p", "parent": { "title": "pp" } },
            "price": 9.5,
        },
    }));
    sends::<FindNotes>(&json!({
        "filter": { "text": "x", "any": [{ "not": { "archived": true } }], "size": { "min": 1, "step": 2 } },
        "ids": ["1", "2"],
        "sort": [{ "by": "TITLE" }, { "by": "CREATED", "descending": false }],
        "grid": [[1, 2], []],
    }));
    assert_eq!(
        variables::<FindNotes>(&json!({ "filter": { "text": null }, "ids": [], "sort": [] })),
        json!({ "filter": {}, "ids": [], "sort": [] })
    );
}

#[test]
fn keywords_are_sent_and_returned_as_they_are_written() {
    sends::<Keywords>(&json!({
        "type": "t",
        "self": "crate",
        "in": { "type": "x", "self": "Self", "in": { "_": true } },
    }));
    let inner = json!({ "id": "1" });
    returns::<Keywords>(&json!({
        "match": {
            "id": "1",
            "self": "fn",
            "Self": null,
            "crate": { "name": "n", "type": inner },
            "fn": ["FOO_BAR", "CAME_LATER"],
            "super": inner,
            "_": false,
            "fooBar": 1,
            "foo_bar": 2,
            "FooBar": 3,
            "match": "2",
            "type": { "as": "z" },
        },
        "second": null,
        "price": 1.5,
    }));
}

#[test]
fn underscores_at_the_end_stay() {
    sends::<Escaped>(&json!({ "type_": 1, "async_": { "async_": 2, "super_": { "async_": 3, "type_": 4 } } }));
    returns::<Escaped>(&json!({
        "escaped": {
            "type_": 1,
            "self_": "s",
            "super_": [1],
            "async_": { "type_": null, "alias_": 2 },
            "type": 3,
        },
        "cases": 1,
        "fn_": null,
    }));
}

#[test]
fn names_of_crates_are_names_like_others() {
    sends::<Cynic>(&json!({ "a": 1, "self": "match" }));
    returns::<Cynic>(&json!({ "fooBar": 1, "foo_bar": 2, "FooBar": 3, "store": ["self", null] }));
    returns::<Std>(&json!({ "std": 1, "__typename": "Query", "alias": 2 }));
}

#[test]
fn the_type_can_be_asked_for_twice() {
    returns::<Mixed>(&json!({
        "node": { "__typename": "Note", "kind": "Note", "type": "Note", "tags": ["a"] },
        "anything": { "__typename": "Photo", "what": "Photo" },
    }));
    returns::<Mixed>(&json!({
        "node": { "__typename": "CameLater", "kind": "CameLater" },
        "anything": { "__typename": "Note" },
    }));
}

#[test]
fn names_of_the_rust_prelude_are_names_like_others() {
    returns::<Prelude>(&json!({
        "tricky": {
            "ok": { "value": 1 },
            "some": "s",
            "none": "Ok",
            "string": { "vec": { "box": "b" }, "maybe": { "x": 1 }, "other": { "x": null } },
            "variables": { "x": 2 },
        },
    }));
}

#[test]
fn an_enum_value_that_came_later_stays_a_string() {
    let saved = |state: &str| json!({ "saveNote": { "id": "1", "title": "t", "state": state, "tags": null } });
    returns::<SaveNote>(&saved("DRAFT"));
    returns::<SaveNote>(&saved("BURNT"));
}

#[test]
fn aliases_and_fragments_keep_their_keys() {
    let note = json!({
        "id": "1",
        "createdAt": 1_700_000_000_000_i64,
        "title": "t",
        "headline": "t",
        "state": "DONE",
        "related": [{ "id": "2", "createdAt": null }, null],
    });
    let mut more = note.clone();
    more["size"] = json!(9_007_199_254_740_991_i64);
    more["pinned"] = json!(true);
    more["price"] = json!(0.5);
    returns::<FindNotes>(&json!({
        "notes": { "items": [note], "nextToken": "n" },
        "drafts": { "items": [more] },
    }));
    refuses::<FindNotes>(&json!({ "notes": { "items": [{}], "nextToken": null }, "drafts": null }));
}

#[test]
fn an_interface_is_told_by_its_typename() {
    let common = json!({ "id": "1", "createdAt": null });
    let with = |more: Value| {
        let mut node = common.clone();
        node.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        json!({ "node": node })
    };
    returns::<GetNode>(&with(json!({ "__typename": "Note", "title": "t", "state": "DRAFT" })));
    returns::<GetNode>(&with(
        json!({ "__typename": "Photo", "url": "https://example.com/", "wide": 3 }),
    ));
    returns::<GetNode>(&with(json!({ "__typename": "CameLater" })));
    refuses::<GetNode>(&with(json!({ "__typename": "Note", "title": "t" })));
    returns::<GetCommon>(&json!({
        "node": { "id": "1", "createdAt": 2, "kind": "Note" },
        "other": { "__typename": "Photo", "width": null },
        "third": { "__typename": "Note" },
    }));
    returns::<GetCommon>(&json!({ "node": null, "other": { "__typename": "Note" }, "third": null }));
}

#[test]
fn what_a_type_narrows_is_as_it_says() {
    let keeper = json!({ "id": "3", "parent": { "id": null }, "name": null });
    let children = json!([{ "__typename": "Bird", "id": "4", "wings": 2, "keeper": { "name": "Ada" } }]);
    let bird = json!({
        "__typename": "Bird",
        "parent": { "id": "2", "wings": 2 },
        "children": children,
        "keeper": keeper,
        "habitat": { "__typename": "Forest", "trees": 9 },
    });
    let returned = |being: &Value| json!({ "being": being, "again": null, "common": null });
    returns::<Being>(&returned(&bird));
    for (field, value) in [("children", Value::Null), ("habitat", json!({ "__typename": "Lake" }))] {
        let mut wider = bird.clone();
        wider[field] = value;
        refuses::<Being>(&returned(&wider));
        wider["__typename"] = json!("CameLater");
        wider["parent"] = json!({ "id": null });
        wider["children"] = json!([{ "__typename": "Person", "id": null }]);
        wider["keeper"] = json!({ "id": "3", "parent": null });
        returns::<Being>(&returned(&wider));
    }
}

#[test]
fn a_union_is_told_by_its_typename() {
    returns::<AnyType>(&json!({ "anything": { "__typename": "Photo" } }));
    returns::<AnyType>(&json!({ "anything": { "__typename": "CameLater" } }));
    returns::<ListThings>(&json!({
        "things": [
            { "__typename": "Note", "id": "1", "title": "t" },
            { "__typename": "Photo", "id": "2" },
            { "__typename": "type", "id": "3" },
            { "__typename": "Other" },
            { "__typename": "CameLater" },
        ],
    }));
    refuses::<ListThings>(&json!({ "things": [{ "__typename": "Note", "id": "1" }] }));
    refuses::<ListThings>(&json!({ "things": [null] }));
}

#[test]
fn lists_and_scalars_stand_at_the_root() {
    returns::<Ping>(&json!({ "ping": "pong" }));
    returns::<Numbers>(&json!({ "numbers": [[1, 2, 3, 4, 5], null] }));
    refuses::<Numbers>(&json!({ "numbers": [[null]] }));
    returns::<Names>(&json!({ "names": ["a", null] }));
    returns::<Price>(&json!({ "price": 2.5 }));
    returns::<Touch>(&json!({ "touch": true }));
    sends::<Touch>(&json!({ "id": "1" }));
    sends::<Price>(&json!({ "money": 2.5 }));
}
