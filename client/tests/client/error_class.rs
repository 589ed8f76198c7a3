//! What AppSync's error types and HTTP statuses mean to a caller.

use appsync_mcp_client::ErrorClass::{Conflict, NotFound, Throttled, TimedOut, TooLarge, Unauthorized, Upstream};
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
            OWN.classify_status(status, error_type),
            expected,
            "{status} {error_type:?}"
        );
    }
}
