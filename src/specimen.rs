//! A small contract for tests: one read that pages, one write that adds, one write with a rate.

use appsync_mcp_client::{Envelope, ErrorTypes, Mode};
use serde_json::Value;

use crate::tool::{
    Absent, Access, Argument, Codec, Contract, Excess, Input, Kind, ListBound, ListMax, NextToken, Output, Position,
    Rate, ReadTool, Segment, Tool, ToolSpec, Verified, WriteTool,
};

pub(crate) const CONTRACT: Contract = Contract {
    api: "specimen",
    digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    tools: &[Tool::Read(FIND_THINGS), Tool::Write(ADD_NOTE), Tool::Write(MAKE_LIST)],
    prompts: &[],
    errors: ERRORS,
};

pub(crate) const ERRORS: ErrorTypes = ErrorTypes {
    not_found: &["NoSuchThing"],
    conflict: &["NameTaken"],
    throttled: &["SlowDown"],
    stale_token: &[],
    showable: &["NameTaken", "BadRequest"],
    not_carried_out: &["BadRequest", "NothingDone"],
};

pub(crate) const FIND_THINGS: ReadTool = ReadTool {
    codec: codec(&FIND_THINGS_SPEC),
};
pub(crate) const ADD_NOTE: WriteTool = WriteTool {
    codec: codec(&ADD_NOTE_SPEC),
};
pub(crate) const MAKE_LIST: WriteTool = WriteTool {
    codec: codec(&MAKE_LIST_SPEC),
};

pub(crate) static FIND_THINGS_SPEC: ToolSpec = ToolSpec {
    document: &[
        Segment {
            any: &[],
            text: "query FindThings($keywords: String!, $limit: Int!",
        },
        Segment {
            any: &["nextToken"],
            text: ", $nextToken: String",
        },
        Segment {
            any: &[],
            text: ") { findThings(keywords: $keywords, limit: $limit",
        },
        Segment {
            any: &["nextToken"],
            text: ", nextToken: $nextToken",
        },
        Segment {
            any: &[],
            text: ") { items { id } nextToken } }",
        },
    ],
    arguments: &[
        argument("keywords", TEXT, Absent::Required),
        argument(
            "limit",
            Input::Integer {
                min: 1,
                max: 100,
                excess: Excess::Clamp,
            },
            Absent::Default("20"),
        ),
        argument("nextToken", TEXT, Absent::Omitted),
    ],
    output: Output::Object { key: "findThings" },
    lists: &[ListBound {
        path: &["findThings", "items"],
        max: ListMax::Argument("limit"),
        inner_max: None,
        next_token: Some(NextToken {
            key: "nextToken",
            nullable: true,
        }),
    }],
    ..spec("find_things", "FindThings", Kind::Read)
};

pub(crate) static ADD_NOTE_SPEC: ToolSpec = ToolSpec {
    document: &[Segment {
        any: &[],
        text: "mutation AddNote($text: String!) { addNote(text: $text) { id } }",
    }],
    arguments: &[argument("text", TEXT, Absent::Required)],
    output: Output::Object { key: "addNote" },
    ..spec(
        "add_note",
        "AddNote",
        Kind::Write {
            destructive: false,
            idempotent: false,
        },
    )
};

static MAKE_LIST_SPEC: ToolSpec = ToolSpec {
    rate: Some(Rate {
        calls: 1,
        per_seconds: 60,
    }),
    output: Output::Object { key: "makeList" },
    ..spec(
        "make_list",
        "MakeList",
        Kind::Write {
            destructive: false,
            idempotent: false,
        },
    )
};

pub(crate) const TEXT: Input = Input::Text {
    scalar: "String",
    normalize: &[],
    length_min: 1,
    length_max: 100,
    pattern: None,
    empty: false,
};

/// A contract without anything in it; the tests' own fields come over it.
pub(crate) const fn spec(name: &'static str, operation_name: &'static str, kind: Kind) -> ToolSpec {
    ToolSpec {
        name,
        title: "",
        description: "",
        kind,
        open_world: true,
        operation_name,
        document: &[],
        arguments: &[],
        input_schema: "{}",
        output_schema: "{}",
        output: Output::Data,
        lists: &[],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: Verified::No,
        resolver: None,
        undo: None,
        scopes: &[],
        access: &[Access {
            mode: Mode::Oidc,
            groups: &[],
        }],
        uses: &[],
        rate: None,
        timeout_seconds: 5,
        result_bytes_max: 1_000,
    }
}

pub(crate) const fn argument(name: &'static str, input: Input, absent: Absent) -> Argument {
    Argument {
        name,
        description: "",
        value: Position { input, nullable: false },
        absent,
        example: None,
    }
}

/// Types nothing: JSON passes as it is.
const fn codec(spec: &'static ToolSpec) -> Codec {
    Codec {
        spec,
        variables: Ok,
        response: |body| Envelope::<Value>::decode(body),
    }
}
