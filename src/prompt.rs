//! Prompts: a contract's pieces and a client's arguments become the text of one message.
//!
//! Invariant: an argument goes in as it is, once; nothing in it is read as a piece.
//! Invariant: of an argument that was not given there is no trace, nor of the line that it belongs to.

use appsync_mcp_client::suggest::did_you_mean;
use serde_json::{Map, Value};

use crate::offer::Offer;
use crate::quote;
use crate::tool::{Piece, Prompt};

/// The most characters of an argument. A prompt is a question with names in it, not a way to hand over documents.
const ARGUMENT_CHARS_MAX: usize = 8_192;

/// Why there is no message. The client made the mistake, so MCP has it as a protocol error.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PromptError {
    /// There is no such prompt.
    #[error("unknown prompt `{name}`{hint}")]
    UnknownPrompt {
        /// The name, shortened and escaped.
        name: String,
        hint: String,
    },
    /// The prompt can't do without this argument.
    #[error("prompt `{prompt}`: missing argument `{argument}`")]
    MissingArgument {
        prompt: &'static str,
        argument: &'static str,
    },
    /// The prompt has no such argument.
    #[error("prompt `{prompt}`: unknown argument `{argument}`{hint}")]
    UnknownArgument {
        prompt: &'static str,
        /// The name, shortened and escaped.
        argument: String,
        hint: String,
    },
    /// MCP has strings only here.
    #[error("prompt `{prompt}`: argument `{argument}` must be a string")]
    NotText {
        prompt: &'static str,
        argument: &'static str,
    },
    /// The argument is beyond [`ARGUMENT_CHARS_MAX`].
    #[error("prompt `{prompt}`: argument `{argument}` has {chars} characters; the most is {ARGUMENT_CHARS_MAX}")]
    TooLong {
        prompt: &'static str,
        argument: &'static str,
        chars: usize,
    },
}

/// Returns the prompt of this name.
pub(crate) fn find(prompts: &'static [Prompt], name: &str) -> Result<&'static Prompt, PromptError> {
    prompts
        .iter()
        .find(|prompt| prompt.name == name)
        .ok_or_else(|| PromptError::UnknownPrompt {
            name: quote::name(name),
            hint: did_you_mean(name, prompts.iter().map(|prompt| prompt.name)),
        })
}

/// Returns the text of the prompt's one message, as a user would say it.
pub(crate) fn render(
    prompt: &'static Prompt,
    arguments: &Map<String, Value>,
    offer: &Offer,
) -> Result<String, PromptError> {
    check(prompt, arguments)?;
    let mut text = String::new();
    write(prompt.body, arguments, &mut text);
    let mut text = text.trim_end().to_owned();
    if let Some(paragraph) = not_offered(prompt, arguments, offer) {
        text.push_str("\n\n");
        text.push_str(&paragraph);
    }
    Ok(text)
}

fn write(pieces: &[Piece], arguments: &Map<String, Value>, text: &mut String) {
    let mut is_cut = false;
    for piece in pieces {
        match piece {
            // Where a line is left out between two blank ones, one of these goes too.
            Piece::Text(words) if is_cut && (text.is_empty() || text.ends_with("\n\n")) => {
                text.push_str(words.strip_prefix('\n').unwrap_or(words));
            }
            Piece::Text(words) => text.push_str(words),
            Piece::Argument(name) => text.push_str(given(arguments, name).unwrap_or_default()),
            Piece::Tool(name) => text.push_str(name),
            Piece::Line { argument, pieces } if given(arguments, argument).is_some() => write(pieces, arguments, text),
            Piece::Line { .. } => {
                is_cut = true;
                continue;
            }
        }
        is_cut = false;
    }
}

/// Returns an argument's value. Clients with a form send what was left empty as an empty string.
fn given<'a>(arguments: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let value = arguments.get(name).and_then(Value::as_str);
    value.filter(|value| !value.trim().is_empty())
}

fn check(prompt: &'static Prompt, arguments: &Map<String, Value>) -> Result<(), PromptError> {
    if let Some(unknown) = arguments
        .keys()
        .find(|key| prompt.arguments.iter().all(|argument| argument.name != *key))
    {
        return Err(PromptError::UnknownArgument {
            prompt: prompt.name,
            argument: quote::name(unknown),
            hint: did_you_mean(unknown, prompt.arguments.iter().map(|argument| argument.name)),
        });
    }
    for argument in prompt.arguments {
        match arguments.get(argument.name) {
            Some(Value::String(text)) if given(arguments, argument.name).is_some() => {
                let chars = text.chars().count();
                if chars > ARGUMENT_CHARS_MAX {
                    return Err(PromptError::TooLong {
                        prompt: prompt.name,
                        argument: argument.name,
                        chars,
                    });
                }
            }
            None | Some(Value::Null | Value::String(_)) if argument.required => {
                return Err(PromptError::MissingArgument {
                    prompt: prompt.name,
                    argument: argument.name,
                });
            }
            None | Some(Value::Null | Value::String(_)) => {}
            Some(_) => {
                return Err(PromptError::NotText {
                    prompt: prompt.name,
                    argument: argument.name,
                });
            }
        }
    }
    Ok(())
}

/// Returns what to say of the prompt's tools that are not offered, so that the model does not promise what it can't do.
fn not_offered(prompt: &Prompt, arguments: &Map<String, Value>, offer: &Offer) -> Option<String> {
    let mut lines = Vec::new();
    for name in tools(prompt.body, arguments) {
        let Some(reason) = offer.denial(name) else { continue };
        let line = format!("`{name}` is not available now: {reason}.");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| format!("{} Do the rest, and say what could not be done.", lines.join(" ")))
}

/// Returns the tools that a prompt names under these arguments.
fn tools(pieces: &[Piece], arguments: &Map<String, Value>) -> Vec<&'static str> {
    let of = |piece: &Piece| match piece {
        Piece::Tool(name) => vec![*name],
        Piece::Line { argument, pieces } if given(arguments, argument).is_some() => tools(pieces, arguments),
        Piece::Text(_) | Piece::Argument(_) | Piece::Line { .. } => Vec::new(),
    };
    pieces.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::example::{CONTRACT, offer};

    fn check(arguments: &Value, writes: &str, expected: Result<&str, &str>) {
        let prompt = find(CONTRACT.prompts, "make_list").unwrap();
        let rendered = render(prompt, arguments.as_object().unwrap(), &offer(writes));
        assert_eq!(
            rendered.map_err(|error| error.to_string()),
            expected.map(str::to_owned).map_err(str::to_owned)
        );
    }

    #[test]
    fn puts_the_arguments_in_their_places() {
        check(
            &json!({"topic": "SaaS", "note": "soon"}),
            "true",
            Ok(
                "Find companies for SaaS with search_companies, then call create_collection.\n\nMind: soon\n\nBe quick.",
            ),
        );
        check(
            &json!({"topic": "{{note}}", "note": null}),
            "true",
            Ok("Find companies for {{note}} with search_companies, then call create_collection.\n\nBe quick."),
        );
    }

    #[test]
    fn leaves_out_the_line_of_an_argument_that_was_not_given() {
        let without = "Find companies for SaaS with search_companies, then call create_collection.\n\nBe quick.";
        for note in [json!(null), json!(""), json!(" \n")] {
            check(&json!({"topic": "SaaS", "note": note}), "true", Ok(without));
        }
        check(&json!({"topic": "SaaS"}), "true", Ok(without));
    }

    #[test]
    fn closes_up_around_lines_that_are_left_out() {
        static A: Piece = Piece::Line {
            argument: "a",
            pieces: &[Piece::Text("a: "), Piece::Argument("a"), Piece::Text("\n")],
        };
        static B: Piece = Piece::Line {
            argument: "b",
            pieces: &[Piece::Tool("t"), Piece::Argument("b"), Piece::Text("\n")],
        };
        let text = |pieces: &[&Piece], given: &Value| {
            let mut text = String::new();
            // Each piece on its own says nothing of its neighbours, so they are put together as the build does.
            let pieces: Vec<Piece> = pieces.iter().map(|piece| copied(piece)).collect();
            write(&pieces, given.as_object().unwrap(), &mut text);
            text
        };
        let (start, middle, end) = (Piece::Text("Start\n\n"), Piece::Text("\n"), Piece::Text("\nEnd\n"));
        for (given, expected) in [
            (json!({"a": "1", "b": "2"}), "Start\n\na: 1\nt2\n\nEnd\n"),
            (json!({"a": "1"}), "Start\n\na: 1\n\nEnd\n"),
            (json!({"b": "2", "a": ""}), "Start\n\nt2\n\nEnd\n"),
            (json!({}), "Start\n\nEnd\n"),
        ] {
            assert_eq!(text(&[&start, &A, &B, &end], &given), expected, "{given}");
        }
        assert_eq!(text(&[&start, &A, &middle, &B, &end], &json!({})), "Start\n\nEnd\n");
        assert_eq!(text(&[&A, &end], &json!({})), "End\n");
        assert_eq!(
            text(&[&Piece::Text("Line\n"), &A, &Piece::Text("More\n")], &json!({})),
            "Line\nMore\n"
        );
        assert_eq!(text(&[&Piece::Text("Line\n"), &A, &end], &json!({})), "Line\n\nEnd\n");
    }

    fn copied(piece: &Piece) -> Piece {
        match *piece {
            Piece::Text(words) => Piece::Text(words),
            Piece::Argument(name) => Piece::Argument(name),
            Piece::Tool(name) => Piece::Tool(name),
            Piece::Line { argument, pieces } => Piece::Line { argument, pieces },
        }
    }

    #[test]
    fn says_which_tool_is_not_offered() {
        check(
            &json!({"topic": "SaaS"}),
            "false",
            Ok(
                "Find companies for SaaS with search_companies, then call create_collection.\n\nBe quick.\n\n`create_collection` is \
                not available now: mutations are disabled; start with --allow-mutations to enable write operations. \
                Do the rest, and say what could not be done.",
            ),
        );
    }

    #[test]
    fn refuses_arguments_that_the_prompt_does_not_take() {
        check(&json!({}), "true", Err("prompt `make_list`: missing argument `topic`"));
        check(
            &json!({"topic": "  "}),
            "true",
            Err("prompt `make_list`: missing argument `topic`"),
        );
        check(
            &json!({"topic": null}),
            "true",
            Err("prompt `make_list`: missing argument `topic`"),
        );
        check(
            &json!({"topic": 7}),
            "true",
            Err("prompt `make_list`: argument `topic` must be a string"),
        );
        check(
            &json!({"topic": "a", "topci": "b"}),
            "true",
            Err("prompt `make_list`: unknown argument `topci`; did you mean `topic`?"),
        );
        check(
            &json!({"topic": "a", "\u{1b}\u{202e}".repeat(100_000): "b"}),
            "true",
            Err(&format!(
                "prompt `make_list`: unknown argument `{}…`",
                r"\u{1b}\u{202e}".repeat(20)
            )),
        );
        check(
            &json!({"topic": "é".repeat(8_193)}),
            "true",
            Err("prompt `make_list`: argument `topic` has 8193 characters; the most is 8192"),
        );
        check(
            &json!({"topic": "x".repeat(8_192)}),
            "true",
            Ok(&format!(
                "Find companies for {} with search_companies, then call create_collection.\n\nBe quick.",
                "x".repeat(8_192)
            )),
        );
    }

    #[test]
    fn finds_prompts_by_name() {
        let error = find(CONTRACT.prompts, "make_lists").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown prompt `make_lists`; did you mean `make_list`?"
        );
        let error = find(CONTRACT.prompts, &"\u{1b}\u{202e}".repeat(100_000)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("unknown prompt `{}…`", r"\u{1b}\u{202e}".repeat(20))
        );
    }
}
