//! Turns decoded values into the request that AppSync gets.
//!
//! What is absent is left out of the document as well as of the variables: AppSync hands a resolver an explicit null for an
//! argument whose variable got no value.
//!
//! Invariant: pure; what a dry run shows is byte for byte what a call sends.

use std::time::Duration;

use appsync_mcp_client::Request;
use serde_json::Value;

use crate::decode::JsonObject;
use crate::error::CallError;
use crate::problem::Problems;
use crate::tool::{Codec, Segment};

/// The largest answer that is read, in bytes. AppSync's own limit is said to be 5 MB; results are cut to far less.
const RESPONSE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Makes the request of decoded values.
pub(crate) fn request(codec: &Codec, values: &JsonObject) -> Result<Request, CallError> {
    let spec = codec.spec;
    let document = document(spec.document, values);
    let variables = (codec.variables)(Value::Object(values.clone())).map_err(|_| contract_mismatch())?;
    let body = Request::encode(&document, spec.operation_name, &variables).map_err(|_| contract_mismatch())?;
    Ok(Request {
        body,
        timeout: Duration::from_secs(u64::from(spec.timeout_seconds)),
        response_bytes_max: RESPONSE_BYTES_MAX,
    })
}

/// Puts together the pieces of a document that the present values bring in.
fn document(segments: &[Segment], values: &JsonObject) -> String {
    let is_present = |name: &&str| values.contains_key(*name);
    let sent = segments
        .iter()
        .filter(|segment| segment.any.is_empty() || segment.any.iter().any(is_present));
    sent.map(|segment| segment.text).collect()
}

/// The decoder let pass what the operation's types refuse: the build made them from one contract, so this can't be met.
fn contract_mismatch() -> CallError {
    let mut problems = Problems::default();
    problems.push("", || "the arguments do not fit the operation's variables".to_owned());
    problems.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::specimen::FIND_THINGS;

    fn body(values: &Value) -> String {
        let request = request(&FIND_THINGS.codec, values.as_object().unwrap()).unwrap();
        assert_eq!(request.timeout, Duration::from_secs(5));
        String::from_utf8(request.body.to_vec()).unwrap()
    }

    #[test]
    fn leaves_out_of_the_document_what_is_absent() {
        assert_eq!(
            body(&json!({"keywords": "a", "limit": 20})),
            r#"{"query":"query FindThings($keywords: String!, $limit: Int!) { findThings(keywords: $keywords, limit: $limit) { items { id } nextToken } }","variables":{"keywords":"a","limit":20},"operationName":"FindThings"}"#
        );
    }

    #[test]
    fn keeps_what_is_present_even_if_it_is_null() {
        for token in [json!("t"), json!(null)] {
            let expected = r#"{"query":"query FindThings($keywords: String!, $limit: Int!, $nextToken: String) { findThings(keywords: $keywords, limit: $limit, nextToken: $nextToken) { items { id } nextToken } }","variables":{"keywords":"a","limit":20,"nextToken":TOKEN},"operationName":"FindThings"}"#;
            let body = body(&json!({"keywords": "a", "limit": 20, "nextToken": token}));
            assert_eq!(body, expected.replace("TOKEN", &token.to_string()));
        }
    }

    #[test]
    fn sends_a_segment_once_if_any_of_its_variables_is_present() {
        let segments = [
            Segment {
                any: &["a", "b"],
                text: "x",
            },
            Segment { any: &[], text: "y" },
        ];
        for (values, expected) in [
            (json!({}), "y"),
            (json!({"a": 1}), "xy"),
            (json!({"b": 1}), "xy"),
            (json!({"a": 1, "b": 2}), "xy"),
            (json!({"c": 1}), "y"),
        ] {
            assert_eq!(document(&segments, values.as_object().unwrap()), expected);
        }
    }

    #[test]
    fn a_value_that_the_types_refuse_is_not_sent() {
        let codec = Codec {
            variables: |_| Err(serde::de::Error::custom("secret")),
            ..FIND_THINGS.codec
        };
        let error = request(&codec, &JsonObject::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid argument: the arguments do not fit the operation's variables"
        );
    }
}
