//! A small contract, written by hand, for the tests of what reads contracts.

use appsync_mcp_client::{Envelope, ErrorTypes, Mode};
use serde_json::Value;

use crate::offer::Offer;
use crate::permit::Mutations;
use crate::tool::{
    Absent, Access, Argument, Codec, Contract, Excess, Input, Kind, ListBound, ListMax, NextToken, Normalize, Output,
    Piece, Position, Prompt, PromptArgument, Rate, ReadTool, Segment, Tool, ToolSpec, Verified, WriteTool,
};

/// Returns the contract under a value of `--allow-mutations`.
pub(crate) fn offer(mutations: &str) -> Offer {
    Offer::new(&CONTRACT, Mutations::parse(mutations, &CONTRACT).unwrap(), None)
}

/// Returns the contract of a tool with an input object that holds itself.
pub(crate) fn offer_of_self_containing() -> Offer {
    Offer::new(&SELF_CONTAINING_CONTRACT, Mutations::off(), None)
}

pub(crate) static CONTRACT: Contract = Contract {
    api: "company-intelligence",
    digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    tools: &[
        Tool::Read(ReadTool {
            codec: codec(&AI_SEARCH),
        }),
        Tool::Read(ReadTool {
            codec: codec(&SEARCH_COMPANIES),
        }),
        Tool::Write(WriteTool {
            codec: codec(&CREATE_COLLECTION),
        }),
    ],
    prompts: &[Prompt {
        name: "make_list",
        title: "Make a list",
        description: "Finds companies and keeps them.",
        arguments: &[
            PromptArgument {
                name: "topic",
                description: "What they do.",
                required: true,
            },
            PromptArgument {
                name: "note",
                description: "A wish.",
                required: false,
            },
        ],
        body: &[
            Piece::Text("Find companies for "),
            Piece::Argument("topic"),
            Piece::Text(" with "),
            Piece::Tool("search_companies"),
            Piece::Text(", then call "),
            Piece::Tool("create_collection"),
            Piece::Text(".\n\n"),
            Piece::Line {
                argument: "note",
                pieces: &[Piece::Text("Mind: "), Piece::Argument("note"), Piece::Text("\n")],
            },
            Piece::Text("\nBe quick.\n"),
        ],
    }],
    errors: ErrorTypes {
        not_found: &[],
        conflict: &[],
        throttled: &[],
        stale_token: &[],
        showable: &[],
        not_carried_out: &[],
    },
};

const fn codec(spec: &'static ToolSpec) -> Codec {
    Codec {
        spec,
        variables: Ok,
        response: |body| Envelope::<Value>::decode(body),
    }
}

const fn argument(name: &'static str, description: &'static str, input: Input, absent: Absent) -> Argument {
    Argument {
        name,
        description,
        value: Position { input, nullable: false },
        absent,
        example: None,
    }
}

const fn text(normalize: &'static [Normalize], length_min: usize, length_max: usize) -> Input {
    Input::Text {
        scalar: "String",
        normalize,
        length_min,
        length_max,
        pattern: None,
        empty: false,
    }
}

const API_KEY: Access = Access {
    mode: Mode::ApiKey,
    groups: &[],
};
const OIDC: Access = Access {
    mode: Mode::Oidc,
    groups: &[],
};

pub(crate) const AI_SEARCH: ToolSpec = ToolSpec {
    name: "ai_search",
    title: "Ask",
    description: "Ask in plain language.",
    kind: Kind::Read,
    open_world: true,
    operation_name: "AiSearch",
    document: &[Segment {
        any: &[],
        text: "query AiSearch($question: String!) { aiSearch(question: $question) { text } }",
    }],
    arguments: &[
        argument(
            "question",
            "What to ask.",
            text(&[Normalize::Trim], 5, 1000),
            Absent::Required,
        ),
        argument(
            "industries",
            "Where to look.",
            Input::List {
                item: &Position {
                    input: Input::Enum {
                        name: "Industry",
                        values: &["ENERGY", "SOFTWARE"],
                    },
                    nullable: false,
                },
                items_min: 0,
                items_max: 5,
                unique: true,
            },
            Absent::Omitted,
        ),
    ],
    input_schema: r#"{"type":"object","properties":{"question":{"type":"string"}}}"#,
    output_schema: r#"{"type":"object"}"#,
    output: Output::Object { key: "aiSearch" },
    lists: &[],
    marks: &[],
    bindings: &[],
    disabled: None,
    verified: Verified::No,
    resolver: None,
    undo: None,
    scopes: &["companies:read"],
    access: &[API_KEY, OIDC],
    uses: &[],
    rate: Some(Rate {
        calls: 5,
        per_seconds: 60,
    }),
    timeout_seconds: 30,
    result_bytes_max: 100_000,
};

pub(crate) const SEARCH_COMPANIES: ToolSpec = ToolSpec {
    name: "search_companies",
    title: "Search companies",
    description: "Find companies.",
    kind: Kind::Read,
    open_world: true,
    operation_name: "SearchCompanies",
    document: &[Segment {
        any: &[],
        text: "query SearchCompanies { searchCompanies { items { id } nextToken } }",
    }],
    arguments: &[
        argument("keywords", "Words.", text(&[], 2, 200), Absent::Required),
        Argument {
            example: Some(r#""Germany""#),
            ..argument(
                "country",
                "Where.",
                text(&[Normalize::CountryCode], 0, 8192),
                Absent::Omitted,
            )
        },
        argument(
            "limit",
            "How many.",
            Input::Integer {
                min: 1,
                max: 100,
                excess: Excess::Clamp,
            },
            Absent::Default("20"),
        ),
        argument("nextToken", "Where to continue.", text(&[], 0, 1024), Absent::Omitted),
    ],
    input_schema: r#"{"type":"object","properties":{"keywords":{"type":"string"}}}"#,
    output_schema: r#"{"type":"object","properties":{"items":{"type":"array"}}}"#,
    output: Output::Object { key: "searchCompanies" },
    lists: &[ListBound {
        path: &["searchCompanies", "items"],
        max: ListMax::Argument("limit"),
        inner_max: None,
        next_token: Some(NextToken {
            key: "nextToken",
            nullable: true,
        }),
    }],
    marks: &[],
    bindings: &[],
    disabled: None,
    verified: Verified::Api,
    resolver: None,
    undo: None,
    scopes: &["companies:read"],
    access: &[API_KEY, OIDC],
    uses: &[],
    rate: None,
    timeout_seconds: 20,
    result_bytes_max: 100_000,
};

pub(crate) const CREATE_COLLECTION: ToolSpec = ToolSpec {
    name: "create_collection",
    title: "Create a collection",
    description: "Make a collection.",
    kind: Kind::Write {
        destructive: false,
        idempotent: false,
    },
    open_world: false,
    operation_name: "CreateCollection",
    document: &[Segment {
        any: &[],
        text: "mutation CreateCollection($name: String!) { createCollection(name: $name) { id } }",
    }],
    arguments: &[argument(
        "name",
        "Its name.",
        text(&[Normalize::Trim], 1, 100),
        Absent::Required,
    )],
    input_schema: r#"{"type":"object","properties":{"name":{"type":"string"}}}"#,
    output_schema: r#"{"type":"object"}"#,
    output: Output::Object {
        key: "createCollection",
    },
    lists: &[],
    marks: &[],
    bindings: &[],
    disabled: None,
    verified: Verified::No,
    resolver: None,
    undo: None,
    scopes: &["collections:write"],
    access: &[
        OIDC,
        Access {
            mode: Mode::CognitoUserPools,
            groups: &[&["Editors", "Owners"]],
        },
    ],
    uses: &[],
    rate: None,
    timeout_seconds: 20,
    result_bytes_max: 100_000,
};

/// A tool with an input object that holds itself, by a list, by a field, and by another input object.
pub(crate) static SELF_CONTAINING: ToolSpec = ToolSpec {
    name: "find_notes",
    arguments: &[
        argument("filter", "What to look for.", note_filter(), Absent::Omitted),
        argument("without", "What to leave out.", note_filter(), Absent::Omitted),
    ],
    ..AI_SEARCH
};

/// A contract of [`SELF_CONTAINING`] alone.
static SELF_CONTAINING_CONTRACT: Contract = Contract {
    api: "notes",
    digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    tools: &[Tool::Read(ReadTool {
        codec: codec(&SELF_CONTAINING),
    })],
    prompts: &[],
    errors: ErrorTypes {
        not_found: &[],
        conflict: &[],
        throttled: &[],
        stale_token: &[],
        showable: &[],
        not_carried_out: &[],
    },
};

/// No constant: that would be a part of itself.
const fn note_filter() -> Input {
    Input::Object {
        name: "NoteFilter",
        fields: &FIELDS_OF_NOTE_FILTER,
    }
}

static A_NOTE_FILTER: Position = Position {
    input: note_filter(),
    nullable: false,
};

static FIELDS_OF_NOTE_FILTER: [Argument; 5] = [
    argument("text", "Words.", text(&[Normalize::Trim], 1, 100), Absent::Omitted),
    argument(
        "states",
        "Any of these.",
        list(&Position {
            input: Input::Enum {
                name: "State",
                values: &["DRAFT", "DONE"],
            },
            nullable: false,
        }),
        Absent::Omitted,
    ),
    argument("any", "Any of these.", list(&A_NOTE_FILTER), Absent::Omitted),
    argument("not", "Not this.", note_filter(), Absent::Omitted),
    argument(
        "by",
        "Whose.",
        Input::Object {
            name: "Author",
            fields: &FIELDS_OF_AUTHOR,
        },
        Absent::Omitted,
    ),
];

static FIELDS_OF_AUTHOR: [Argument; 2] = [
    argument(
        "country",
        "Where.",
        text(&[Normalize::CountryCode], 0, 8192),
        Absent::Omitted,
    ),
    argument("of", "Author of these.", note_filter(), Absent::Required),
];

const fn list(item: &'static Position) -> Input {
    Input::List {
        item,
        items_min: 0,
        items_max: 5,
        unique: false,
    }
}
