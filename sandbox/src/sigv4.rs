//! A signed request -> whose access key signed exactly this request, just now.
//!
//! This is AWS Signature Version 4 (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>)
//! as far as AppSync needs it: a POST without a query, signed in its headers.
//! Invariant: it shares no code with what signs, so that the two agree only if both are right.

use axum::http::{HeaderMap, Uri};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::auth::{AccessKey, Refusal};
use crate::datetime::date_time;

/// The region that the sandbox is in, as far as signatures go.
pub(crate) const REGION: &str = "eu-west-1";
const SERVICE: &str = "appsync";
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// How old or early a signature may be.
const SKEW_MAX_S: i64 = 300;

/// What is signed, and how it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'a> {
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// The parts of an `Authorization` header.
struct Authorization<'a> {
    key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// Whether an `Authorization` header is of this algorithm.
pub(crate) fn is_signature(authorization: &str) -> bool {
    authorization.starts_with(ALGORITHM)
}

/// Returns the key that signed the request; `key` finds one by its id, `now` is in seconds since 1970.
pub(crate) fn verify(
    request: Signed<'_>,
    key: impl FnOnce(&str) -> Option<AccessKey>,
    now: i64,
) -> Result<AccessKey, Refusal> {
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = header("authorization").and_then(read).ok_or_else(incomplete)?;
    let key = key(authorization.key_id).ok_or_else(unknown_key)?;
    if header("x-amz-security-token") != key.session_token.as_deref() {
        return Err(unknown_key());
    }
    if authorization.region != REGION {
        return Err(refusal("Credential should be scoped to a valid region."));
    }
    if authorization.service != SERVICE {
        return Err(refusal("Credential should be scoped to correct service: 'appsync'."));
    }
    let time = header("x-amz-date").ok_or_else(incomplete)?;
    check_time(time, authorization.date, now)?;
    let request_hash = hex(&Sha256::digest(canonical(request, authorization.signed_headers)?));
    let scope = format!("{}/{REGION}/{SERVICE}/aws4_request", authorization.date);
    let to_sign = format!("{ALGORITHM}\n{time}\n{scope}\n{request_hash}");
    let mut signing_key = format!("AWS4{}", key.secret).into_bytes();
    for part in [authorization.date, REGION, SERVICE, "aws4_request"] {
        signing_key = mac(&signing_key, part)?;
    }
    if hex(&mac(&signing_key, &to_sign)?) != authorization.signature {
        return Err(mismatch());
    }
    Ok(key)
}

fn read(header: &str) -> Option<Authorization<'_>> {
    let parts = header.strip_prefix(ALGORITHM)?;
    let part = |name: &str| {
        let mut parts = parts.split(',').map(str::trim);
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    };
    let credential: Vec<_> = part("Credential")?.split('/').collect();
    let [key_id, date, region, service, "aws4_request"] = *credential else {
        return None;
    };
    Some(Authorization {
        key_id,
        date,
        region,
        service,
        signed_headers: part("SignedHeaders")?,
        signature: part("Signature")?,
    })
}

/// Times of this form sort as texts, so none has to be understood.
fn check_time(time: &str, date: &str, now: i64) -> Result<(), Refusal> {
    let shape: String = time
        .chars()
        .map(|sign| if sign.is_ascii_digit() { '0' } else { sign })
        .collect();
    if shape != "00000000T000000Z" || !time.starts_with(date) || date.len() != 8 {
        return Err(refusal(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
        ));
    }
    let [earliest, now, latest] = [now - SKEW_MAX_S, now, now + SKEW_MAX_S].map(basic_time);
    if time < earliest.as_str() {
        return Err(refusal(format!(
            "Signature expired: {time} is now earlier than {earliest} ({now} - 5 min.)"
        )));
    }
    if time > latest.as_str() {
        return Err(refusal(format!(
            "Signature not yet current: {time} is still later than {latest} ({now} + 5 min.)"
        )));
    }
    Ok(())
}

/// Such as `20260131T120000Z`.
fn basic_time(seconds: i64) -> String {
    date_time(seconds).replace(['-', ':'], "").replace(".000", "")
}

/// The canonical request. The host and all of Amazon's own headers have to be in it.
fn canonical(request: Signed<'_>, signed_headers: &str) -> Result<String, Refusal> {
    let signed: Vec<_> = signed_headers.split(';').collect();
    let has_to_be_signed = |name: &str| name == "host" || name.starts_with("x-amz-");
    let are_signed = request
        .headers
        .keys()
        .all(|name| !has_to_be_signed(name.as_str()) || signed.contains(&name.as_str()));
    if !are_signed || !signed.is_sorted() {
        return Err(mismatch());
    }
    let mut headers = String::new();
    for name in signed {
        let mut values = Vec::new();
        for value in request.headers.get_all(name) {
            let value = value.to_str().map_err(|_| mismatch())?;
            values.push(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
        }
        if values.is_empty() {
            return Err(mismatch());
        }
        headers.extend([name, ":", &values.join(","), "\n"]);
    }
    let (path, query) = (request.uri.path(), request.uri.query().unwrap_or_default());
    let body_hash = hex(&Sha256::digest(request.body));
    Ok(format!(
        "POST\n{path}\n{query}\n{headers}\n{signed_headers}\n{body_hash}"
    ))
}

fn mac(key: &[u8], text: &str) -> Result<Vec<u8>, Refusal> {
    // A key of any length is taken; the type says that it might not be.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| mismatch())?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// AppSync's error type for bad signatures (<https://github.com/aws-amplify/amplify-js/issues/11480>).
fn refusal(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal {
        status: 400,
        error_type: "BadRequestException",
        message: message.into(),
    }
}

fn mismatch() -> Refusal {
    refusal(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key \
         and signing method. Consult the service documentation for details.",
    )
}

fn incomplete() -> Refusal {
    Refusal {
        error_type: "IncompleteSignatureException",
        ..refusal("The request signature does not conform to AWS standards.")
    }
}

/// What an access key is answered with that there is not, or not with this session token.
fn unknown_key() -> Refusal {
    Refusal {
        status: 403,
        error_type: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.".into(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};

    use super::{Signed, verify};
    use crate::auth::AccessKey;

    /// 2026-01-31T12:00:00Z.
    const NOW: i64 = 1_769_860_800;
    const BODY: &str = r#"{"query":"query { getCompany(id: \"c-00042\") { name } }","variables":{"city":"Kraków"}}"#;

    /// Signed by botocore 1.43 (`SigV4Auth`), with a clock at `NOW`.
    const LONG_TERM: &[(&str, &str)] = &[
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260131/eu-west-1/appsync/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=36baaece46711ff1c50135f4c88f4aa1c41d44037bf4db2429eeed473d8cf5b1",
        ),
        ("content-type", "application/json"),
        ("host", "api.example.com"),
        ("x-amz-date", "20260131T120000Z"),
    ];
    /// The same with a session token.
    const TEMPORARY: &[(&str, &str)] = &[
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260131/eu-west-1/appsync/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=b6ab21a1770d6f76d07e82d58428174f5be03b818225d96c55ebf5c2827d412b",
        ),
        ("content-type", "application/json"),
        ("host", "api.example.com"),
        ("x-amz-date", "20260131T120000Z"),
        ("x-amz-security-token", "a+session/token=="),
    ];

    fn key(session_token: Option<&str>) -> AccessKey {
        AccessKey {
            id: "AKIDEXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            session_token: session_token.map(str::to_owned),
        }
    }

    /// Verifies with headers of which some are changed or, by an empty value, left out; the refusal's type and message.
    fn refused(
        headers: &[(&str, &str)],
        changes: &[(&str, &str)],
        body: &str,
        key: &AccessKey,
        now: i64,
    ) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers.iter().chain(changes) {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.insert(name, HeaderValue::from_str(value).unwrap());
        }
        for (name, _) in changes.iter().filter(|(_, value)| value.is_empty()) {
            map.remove(*name);
        }
        let request = Signed {
            uri: &Uri::from_static("/graphql"),
            headers: &map,
            body: body.as_bytes(),
        };
        let found = |id: &str| (id == key.id).then(|| key.clone());
        let refusal = verify(request, found, now).err()?;
        Some(format!(
            "{} {}: {}",
            refusal.status, refusal.error_type, refusal.message
        ))
    }

    #[test]
    fn what_botocore_signs_is_accepted() {
        assert_eq!(refused(LONG_TERM, &[], BODY, &key(None), NOW), None);
        assert_eq!(
            refused(TEMPORARY, &[], BODY, &key(Some("a+session/token==")), NOW),
            None
        );
    }

    #[test]
    fn what_a_signature_does_not_cover_may_change() {
        let changes = [("user-agent", "somebody/1.0"), ("accept", "*/*")];
        assert_eq!(refused(LONG_TERM, &changes, BODY, &key(None), NOW), None);
    }

    #[test]
    fn a_signature_is_good_for_five_minutes() {
        for (off, expected) in [
            (-300, None),
            (300, None),
            (
                301,
                Some(
                    "400 BadRequestException: Signature expired: 20260131T120000Z is now earlier than 20260131T120001Z (20260131T120501Z - 5 min.)",
                ),
            ),
            (
                -301,
                Some(
                    "400 BadRequestException: Signature not yet current: 20260131T120000Z is still later than 20260131T115959Z (20260131T115459Z + 5 min.)",
                ),
            ),
        ] {
            let told = refused(LONG_TERM, &[], BODY, &key(None), NOW + off);
            assert_eq!(told.as_deref(), expected, "{off}");
        }
    }

    #[test]
    fn everything_that_is_signed_counts() {
        let mismatch = "400 BadRequestException: The request signature we calculated does not match";
        let authorization = LONG_TERM.iter().find(|(name, _)| *name == "authorization").unwrap().1;
        let cut = &authorization[..authorization.len() - 2];
        let upper = authorization.replace("Signature=", "Signature=A");
        let unsigned = authorization.replace("content-type;host;x-amz-date", "content-type;x-amz-date");
        for (changes, body) in [
            (vec![], &*BODY.replace("c-00042", "c-00043")),
            (vec![("host", "other.example.com")], BODY),
            (vec![("content-type", "text/plain")], BODY),
            (vec![("content-type", "")], BODY),
            (vec![("x-amz-date", "20260131T120001Z")], BODY),
            (vec![("x-amz-extra", "not signed")], BODY),
            (vec![("authorization", cut)], BODY),
            (vec![("authorization", &upper)], BODY),
            (vec![("authorization", &unsigned)], BODY),
        ] {
            let told = refused(LONG_TERM, &changes, body, &key(None), NOW).unwrap();
            assert!(told.starts_with(mismatch), "{changes:?}: {told}");
        }
        let other = AccessKey {
            secret: "another".to_owned(),
            ..key(None)
        };
        assert!(
            refused(LONG_TERM, &[], BODY, &other, NOW)
                .unwrap()
                .starts_with(mismatch)
        );
    }

    #[test]
    fn what_is_no_such_signature_is_told_apart() {
        let authorization = LONG_TERM.iter().find(|(name, _)| *name == "authorization").unwrap().1;
        for (from, to, expected) in [
            (
                "AKIDEXAMPLE",
                "AKIDOTHER",
                "403 UnrecognizedClientException: The security token",
            ),
            (
                "eu-west-1",
                "us-east-1",
                "400 BadRequestException: Credential should be scoped to a valid region.",
            ),
            (
                "/appsync/",
                "/s3/",
                "400 BadRequestException: Credential should be scoped to correct service",
            ),
            (
                "/20260131/",
                "/20260130/",
                "400 BadRequestException: Date in Credential scope",
            ),
            (
                "aws4_request",
                "aws5_request",
                "400 IncompleteSignatureException: The request signature",
            ),
            (
                ", Signature=",
                ", Nothing=",
                "400 IncompleteSignatureException: The request signature",
            ),
        ] {
            let changed = authorization.replace(from, to);
            let told = refused(LONG_TERM, &[("authorization", &changed)], BODY, &key(None), NOW).unwrap();
            assert!(told.starts_with(expected), "{to}: {told}");
        }
        let told = refused(LONG_TERM, &[("x-amz-date", "")], BODY, &key(None), NOW).unwrap();
        assert!(told.starts_with("400 IncompleteSignatureException"), "{told}");
    }

    #[test]
    fn a_session_token_is_the_keys_own() {
        let unknown = "403 UnrecognizedClientException: The security token included in the request is invalid.";
        let own = key(Some("a+session/token=="));
        let changed = refused(TEMPORARY, &[("x-amz-security-token", "another")], BODY, &own, NOW);
        let missing = refused(TEMPORARY, &[("x-amz-security-token", "")], BODY, &own, NOW);
        let too_many = refused(TEMPORARY, &[], BODY, &key(None), NOW);
        for told in [changed, missing, too_many] {
            assert_eq!(told.as_deref(), Some(unknown));
        }
    }
}
