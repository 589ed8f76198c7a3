use super::*;

fn unreachable_for(words: &str) -> Check {
    unreachable(&SendError::Unreachable(words.into()))
}

#[test]
fn a_way_that_ends_is_told_with_the_next_step() {
    for (words, detail, advice) in [
        (
            "client error (Connect): dns error: failed to lookup address information",
            "the host's name does not resolve",
            "check the host",
        ),
        (
            "client error (Connect): received fatal alert: HandshakeFailure",
            "the certificate is not trusted by this machine, or TLS failed: ",
            "if a proxy",
        ),
        (
            "client error (Connect): tcp connect error: Connection refused (os error 111)",
            "the connection is refused",
            "check host and port",
        ),
        ("something else", "it can't be reached", "check the network"),
    ] {
        let check = unreachable_for(words);
        assert_eq!(check.state, State::Failed);
        assert!(check.detail.starts_with(detail), "{check:?}");
        assert!(check.detail.ends_with(words), "{check:?}");
        assert!(check.advice.starts_with(advice), "{check:?}");
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_in_plain_words() {
    for (words, why, advice) in [
        (
            "Other(OtherError(CaUsedAsEndEntity))",
            "it is self-signed",
            "`SSL_CERT_FILE`",
        ),
        (
            "UnknownIssuer",
            "it is self-signed, or of an authority that",
            "`SSL_CERT_FILE`",
        ),
        (
            "certificate not valid for name \"a.example.com\"; certificate is only valid for DnsName(\"b.example.com\")",
            "it is for another host",
            "check that the endpoint's host",
        ),
        (
            "certificate expired: verification time 2 (UNIX)",
            "it has expired",
            "check this machine's clock",
        ),
    ] {
        let check = unreachable_for(&format!("client error (Connect): invalid peer certificate: {words}"));
        assert_eq!(check.state, State::Failed);
        let expected = format!("the certificate is not trusted by this machine: {why}");
        assert!(check.detail.starts_with(&expected), "{check:?}");
        assert!(!check.detail.contains(words), "{check:?}");
        assert!(check.advice.contains(advice), "{check:?}");
    }
}

#[test]
fn what_is_answered_in_place_of_data_tells_of_the_credential() {
    for (answer, state, detail) in [
        (
            r#"{"message":"Validation error of type FieldUndefined: no"}"#,
            State::Ok,
            "the API takes",
        ),
        (
            r#"{"message":"no","errorType":"ValidationError"}"#,
            State::Ok,
            "the API takes",
        ),
        (
            r#"{"message":"Not Authorized","errorType":"Unauthorized"}"#,
            State::Failed,
            "the API refuses",
        ),
        (
            r#"{"message":"Oh.","errorType":"InternalFailure"}"#,
            State::Warning,
            "the API does not refuse",
        ),
        (r#"{"message":"Oh."}"#, State::Warning, "the API does not refuse"),
    ] {
        let answer = format!(r#"{{"data":null,"errors":[{answer}]}}"#);
        let envelope = Envelope::<Value>::decode(answer.as_bytes()).unwrap();
        let check = authorization(of_envelope(&envelope, &ErrorTypes::default()), Mode::ApiKey);
        assert_eq!(check.state, state, "{check:?}");
        assert!(check.detail.starts_with(detail), "{check:?}");
        if state != State::Ok {
            assert!(check.detail.contains("HTTP 200: "), "{check:?}");
        }
    }
}

#[test]
fn a_clock_may_be_off_by_minutes_and_no_more() {
    let now = SystemTime::now();
    let minutes = Duration::from_mins;
    for (date, mode, state, detail) in [
        (Some(now), Mode::Iam, State::Ok, "as the API's"),
        (
            Some(now - minutes(3)),
            Mode::Iam,
            State::Ok,
            "3 minutes ahead of the API's",
        ),
        (
            Some(now - minutes(7)),
            Mode::Oidc,
            State::Warning,
            "7 minutes ahead of the API's",
        ),
        (
            Some(now - minutes(7)),
            Mode::Iam,
            State::Failed,
            "7 minutes ahead of the API's",
        ),
        (
            Some(now + minutes(181)),
            Mode::Iam,
            State::Failed,
            "3 hours behind the API's",
        ),
        (None, Mode::Iam, State::Skipped, "no answer said what time it is"),
    ] {
        let check = clock(date, mode);
        assert_eq!((check.state, check.detail.as_str()), (state, detail));
        assert_eq!(check.advice.is_empty(), matches!(state, State::Ok | State::Skipped));
    }
}

#[test]
fn a_refusal_tells_what_would_help() {
    let no = |has_expired| Authorized::No {
        said: "HTTP 401: UnauthorizedException: no".to_owned(),
        has_expired,
    };
    for (mode, expected) in [
        (Mode::ApiKey, "list-api-keys"),
        (Mode::Iam, "appsync:GraphQL"),
        (Mode::Oidc, "sign in again"),
        (Mode::CognitoUserPools, "sign in again"),
        (Mode::Lambda, "Lambda function"),
    ] {
        let check = authorization(no(false), mode);
        assert_eq!(check.state, State::Failed);
        assert!(check.detail.contains(mode.name()) && check.detail.contains("UnauthorizedException"));
        assert!(check.advice.contains(expected), "{check:?}");
        assert!(authorization(no(true), mode).advice.contains("has expired"));
        assert_eq!(authorization(Authorized::Yes, mode).state, State::Ok);
    }
}

#[test]
fn durations_are_told_in_their_largest_unit() {
    for (seconds, expected) in [
        (0, "0 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7_200, "2 hours"),
        (172_800, "2 days"),
    ] {
        assert_eq!(in_words(Duration::from_secs(seconds)), expected);
    }
}

#[test]
fn a_proxy_is_told_by_its_variable() {
    let variable = "HTTPS_PROXY";
    for (error, detail, advice) in [
        (
            SendError::Local {
                fault: LocalFault::ProxyCredential {
                    variable: Some(variable),
                },
                source: "tunnel error".into(),
            },
            "the proxy that `HTTPS_PROXY` names wants a user name and a password",
            "write them into the variable",
        ),
        (
            SendError::ProxyFailed {
                variable,
                source: "Connection refused".into(),
            },
            "failed to reach the API through the proxy that `HTTPS_PROXY` names; nothing was sent: Connection refused",
            "check the proxy; if",
        ),
        (
            SendError::Local {
                fault: LocalFault::Certificate,
                source: "invalid peer certificate: UnknownIssuer".into(),
            },
            "the certificate is not trusted by this machine: it is self-signed, or of an authority that",
            "if a proxy or the API",
        ),
    ] {
        let check = unreachable(&error);
        assert_eq!(check.state, State::Failed);
        assert!(check.detail.starts_with(detail), "{check:?}");
        assert!(check.advice.starts_with(advice), "{check:?}");
    }
}
