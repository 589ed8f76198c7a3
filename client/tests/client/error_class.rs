//! What AppSync's error types and HTTP statuses mean to a caller.

use appsync_mcp_client::ErrorClass::{
    Conflict, Expired, NotFound, StaleToken, Throttled, TimedOut, TooLarge, Unauthorized, Upstream,
};
use appsync_mcp_client::{ErrorClass, ErrorTypes, GraphQlError};

const OWN: ErrorTypes = ErrorTypes {
    not_found: &["CompanyNotFound"],
    conflict: &["CompanyLocked"],
    throttled: &["CreditsExhausted", "Unauthorized"],
    stale_token: &["PageGone"],
    showable: &["CompanyLocked"],
    not_carried_out: &["CompanyNotFound"],
};

/// The class of an error of this type, with these words.
fn class(types: &ErrorTypes, error_type: Option<&str>, message: &str) -> ErrorClass {
    types.classify(&GraphQlError {
        message: message.to_owned(),
        error_type: error_type.map(str::to_owned),
        ..GraphQlError::default()
    })
}

#[test]
fn built_in_types_are_known() {
    for (error_type, expected) in [
        ("Unauthorized", Unauthorized),
        ("UnauthorizedException", Unauthorized),
        ("AccessDeniedException", Unauthorized),
        ("ExpiredTokenException", Expired),
        ("DynamoDB:AccessDeniedException", Upstream),
        ("TooManyRequestsException", Throttled),
        ("ThrottlingException", Throttled),
        ("LimitExceededException", Throttled),
        ("DynamoDB:ProvisionedThroughputExceededException", Throttled),
        ("Lambda:TooManyRequestsException", Throttled),
        ("ExecutionTimeout", TimedOut),
        ("Lambda:Unhandled", Upstream),
        ("MappingTemplate", Upstream),
        ("QueryDepthLimitReached", TooLarge),
        ("ResolverExecutionLimitReached", TooLarge),
        ("DynamoDB:ConditionalCheckFailedException", Conflict),
        ("MaxConflicts", Conflict),
        // The item is written, and only what records the change is not.
        ("DeltaSyncWriteError", Upstream),
        ("InvalidPaginationTokenException", StaleToken),
        ("Lambda:ExpiredNextTokenException", StaleToken),
        ("NotFound", NotFound),
        ("DynamoDB:ResourceNotFoundException", Upstream),
        ("CompanyNotFound", Upstream),
        ("", Upstream),
    ] {
        let found = class(&ErrorTypes::default(), Some(error_type), "");
        assert_eq!(found, expected, "{error_type}");
    }
    assert_eq!(class(&ErrorTypes::default(), None, ""), Upstream);
}

#[test]
fn the_api_s_own_table_wins() {
    assert_eq!(class(&OWN, Some("CompanyNotFound"), ""), NotFound);
    assert_eq!(class(&OWN, Some("CompanyLocked"), ""), Conflict);
    assert_eq!(class(&OWN, Some("CreditsExhausted"), ""), Throttled);
    assert_eq!(class(&OWN, Some("Unauthorized"), ""), Throttled);
    assert_eq!(class(&OWN, Some("PageGone"), ""), StaleToken);
    assert!(OWN.is_showable(Some("CompanyLocked")));
    assert!(!OWN.is_showable(Some("CompanyNotFound")));
    assert!(!OWN.is_showable(None));
    assert!(OWN.is_not_carried_out(Some("CompanyNotFound")));
    assert!(!OWN.is_not_carried_out(Some("CompanyLocked")));
    assert!(!OWN.is_not_carried_out(None));
}

#[test]
fn a_stale_token_is_known_by_words_where_the_type_says_less() {
    let words = "Invalid pagination token given.";
    for error_type in [None, Some("DynamoDB:UserIllegalArgumentException"), Some("BadRequest")] {
        for message in [
            words,
            "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: Invalid pagination token given.",
            "The provided starting key is invalid: The provided key element does not match the schema",
            "The provided starting key is outside query boundaries based on provided conditions",
            "Exclusive Start Key must have same size as table's key schema",
            "invalid nextToken",
            "nextToken is invalid",
            "The nextToken has expired",
            "The value of `nextToken` is no longer valid.",
            "Pagination token is invalid",
            "Pagination token is expired",
            "Unable to decode nextToken",
            "Could not decode the next token: not base64",
            "Expired next_token",
        ] {
            assert_eq!(class(&OWN, error_type, message), StaleToken, "{error_type:?} {message}");
        }
        for message in [
            "",
            "Token has expired.",
            "Invalid token",
            "pagination token",
            "Invalid limit given.",
            "Invalid limit, and nextToken was given",
            "nextToken is required",
            "The deviceToken is invalid",
        ] {
            assert_eq!(class(&OWN, error_type, message), Upstream, "{error_type:?} {message}");
        }
    }
    for (error_type, expected) in [("CompanyLocked", Conflict), ("AccessDeniedException", Unauthorized)] {
        assert_eq!(class(&OWN, Some(error_type), words), expected, "{error_type}");
    }
}

#[test]
fn a_type_says_more_than_a_status() {
    for (status, error_type, expected) in [
        (401, None, Unauthorized),
        (403, None, Upstream),
        (403, Some("ForbiddenException"), Unauthorized),
        (403, Some("WAFForbiddenException"), Upstream),
        (408, None, TimedOut),
        (413, None, TooLarge),
        (429, None, Throttled),
        (500, None, Upstream),
        (504, None, TimedOut),
        (400, Some("ThrottlingException"), Throttled),
        (401, Some("SomethingNew"), Unauthorized),
        (500, Some("CompanyLocked"), Conflict),
    ] {
        assert_eq!(
            OWN.classify_status(status, error_type, None),
            expected,
            "{status} {error_type:?}"
        );
    }
}

#[test]
fn words_tell_what_type_and_status_do_not() {
    let bad = "UnauthorizedException";
    let mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret";
    for (status, error_type, message, expected) in [
        (401, bad, "Token has expired.", Expired),
        (401, bad, "API key has EXPIRED", Expired),
        (401, bad, "You are not authorized to make this call.", Unauthorized),
        (
            403,
            "InvalidSignatureException",
            "Signature expired: 20260101T000000Z is now earlier than",
            Unauthorized,
        ),
        (400, "BadRequestException", mismatch, Unauthorized),
        (400, "BadRequestException", "Unable to parse GraphQL query.", Upstream),
        (403, "SomethingNew", "", Unauthorized),
        (429, "TooManyRequestsException", "your quota expired", Throttled),
        (500, "InternalFailure", "a lease has expired", Upstream),
    ] {
        let class = OWN.classify_status(status, Some(error_type), Some(message));
        assert_eq!(class, expected, "{status} {message}");
    }
}
