//! What AppSync's error types and HTTP statuses mean to a caller.

use appsync_mcp_client::ErrorClass::{
    Conflict, Expired, NotFound, Throttled, TimedOut, TooLarge, Unauthorized, Upstream,
};
use appsync_mcp_client::ErrorTypes;

const OWN: ErrorTypes = ErrorTypes {
    not_found: &["CompanyNotFound"],
    conflict: &["CompanyLocked"],
    throttled: &["CreditsExhausted", "Unauthorized"],
    showable: &["CompanyLocked"],
};

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
        ("NotFound", NotFound),
        ("DynamoDB:ResourceNotFoundException", Upstream),
        ("CompanyNotFound", Upstream),
        ("", Upstream),
    ] {
        assert_eq!(
            ErrorTypes::default().classify(Some(error_type)),
            expected,
            "{error_type}"
        );
    }
    assert_eq!(ErrorTypes::default().classify(None), Upstream);
}

#[test]
fn the_api_s_own_table_wins() {
    assert_eq!(OWN.classify(Some("CompanyNotFound")), NotFound);
    assert_eq!(OWN.classify(Some("CompanyLocked")), Conflict);
    assert_eq!(OWN.classify(Some("CreditsExhausted")), Throttled);
    assert_eq!(OWN.classify(Some("Unauthorized")), Throttled);
    assert!(OWN.is_showable(Some("CompanyLocked")));
    assert!(!OWN.is_showable(Some("CompanyNotFound")));
    assert!(!OWN.is_showable(None));
}

#[test]
fn a_type_says_more_than_a_status() {
    for (status, error_type, expected) in [
        (401, None, Unauthorized),
        (403, None, Unauthorized),
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
        (429, "TooManyRequestsException", "your quota expired", Throttled),
        (500, "InternalFailure", "a lease has expired", Upstream),
    ] {
        let class = OWN.classify_status(status, Some(error_type), Some(message));
        assert_eq!(class, expected, "{status} {message}");
    }
}
