//! Turns a JSON Web Token into the time at which it expires.
//!
//! Invariant: no signature is checked. AppSync does that; this only keeps a token that can't work from being sent.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// What a token's `exp` claim says about a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// The token may be sent: it expires later, or never.
    Current,
    /// `exp` has come.
    Expired,
    /// This is no JSON Web Token.
    NotAJwt,
}

/// The claims that are looked at.
#[derive(serde::Deserialize)]
struct Claims {
    /// Seconds since 1970, with fractions allowed (RFC 7519, section 2, `NumericDate`).
    exp: Option<f64>,
}

/// Says whether a token may be sent at `now`.
pub(crate) fn validity(token: &str, now: SystemTime) -> Validity {
    let Some(claims) = claims(token) else {
        return Validity::NotAJwt;
    };
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    match claims.exp {
        Some(exp) if exp <= now => Validity::Expired,
        _ => Validity::Current,
    }
}

/// Returns when a token expires, if it says so.
pub(crate) fn expires(token: &str) -> Option<SystemTime> {
    let exp = Duration::try_from_secs_f64(claims(token)?.exp?).ok()?;
    UNIX_EPOCH.checked_add(exp)
}

/// Says whether a text has the form of a token, be it expired or not.
pub(crate) fn is_jwt(text: &str) -> bool {
    claims(text).is_some()
}

/// Says whether a text can be read as a token by whoever looks at its header, too.
pub(crate) fn is_whole_jwt(text: &str) -> bool {
    let header = text.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header.trim_end_matches('='));
    header.is_ok_and(|header| serde_json::from_slice::<serde::de::IgnoredAny>(&header).is_ok()) && is_jwt(text)
}

fn claims(token: &str) -> Option<Claims> {
    // A JSON answer of a token endpoint, with the token inside, would otherwise have three parts as well.
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
    if !token.bytes().all(|byte| byte == b'.' || is_base64url(byte)) {
        return None;
    }
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?);
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &str, now_s: u64, expected: Validity) {
        let token = format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(payload));
        assert_eq!(
            validity(&token, UNIX_EPOCH + Duration::from_secs(now_s)),
            expected,
            "{payload}"
        );
    }

    #[test]
    fn a_token_expires_at_the_second_of_exp() {
        check(r#"{"exp":1000}"#, 999, Validity::Current);
        check(r#"{"exp":1000}"#, 1000, Validity::Expired);
        check(r#"{"exp":1000.5}"#, 1000, Validity::Current);
        check(r#"{"exp":null}"#, 1000, Validity::Current);
        check(r#"{"sub":"ann"}"#, 1000, Validity::Current);
    }

    #[test]
    fn a_token_may_say_when_it_expires() {
        for (payload, expected) in [
            (r#"{"exp":1000}"#, Some(UNIX_EPOCH + Duration::from_secs(1000))),
            (r#"{"exp":null}"#, None),
            (r#"{"exp":-1}"#, None),
            (r#"{"exp":1e300}"#, None),
            ("[]x", None),
        ] {
            let token = format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(payload));
            assert_eq!(expires(&token), expected, "{payload}");
        }
    }

    #[test]
    fn a_text_before_the_header_is_none_of_it() {
        for (token, expected) in [
            ("e30.e30.sig", true),
            ("my-e30.e30.sig", false),
            ("my.e30.e30.sig", false),
        ] {
            assert_eq!(is_whole_jwt(token), expected, "{token}");
        }
        // A name and an equals sign, as in a log.
        assert!(is_jwt("id_token=e30.e30.sig"));
    }

    #[test]
    fn what_is_no_jwt_is_told_apart() {
        check(r#"{"exp":"soon"}"#, 0, Validity::NotAJwt);
        check("[]x", 0, Validity::NotAJwt);
        for token in [
            "",
            "opaque",
            "a.b",
            "a.!.c",
            "a.e30.c.d",
            r#"{"access_token":"a.e30.c"}"#,
        ] {
            assert_eq!(validity(token, UNIX_EPOCH), Validity::NotAJwt, "{token}");
        }
    }
}
