//! Our signatures beside those that AWS publishes, and beside those of botocore.

use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use aws_sigv4::http_request::{PayloadChecksumKind, PercentEncodingMode, SessionTokenMode};
use bytes::Bytes;
use serde_json::Value;
use url::Url;

use super::*;

/// 2015-08-30T12:36:00Z, the time of all of AWS's cases.
const TIME: Duration = Duration::from_mins(24_015_636);

/// The cases whose path has an escape that is not escaped once more, as for S3; their `context.json` does not say so.
const ENCODED_ONCE: [&str; 3] = ["get-space-normalized", "get-space-unnormalized", "get-utf8"];

/// A request as AWS writes it down.
struct Case {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Case {
    fn parse(text: &str) -> Case {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let (method, rest) = lines.next().unwrap().split_once(' ').unwrap();
        let target = rest.strip_suffix(" HTTP/1.1").unwrap();
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            match line.split_once(':') {
                Some((name, value)) if !line.starts_with(' ') => {
                    headers.push((name.to_ascii_lowercase(), value.to_owned()));
                }
                // A long value that goes on in the next line (RFC 9112, section 5.2).
                _ => headers.last_mut().unwrap().1.extend([" ", line.trim()]),
            }
        }
        let host = headers.iter().position(|(name, _)| name == "host").unwrap();
        let (_, host) = headers.remove(host);
        Case {
            method: method.to_owned(),
            url: format!("https://{host}{}", escaped(target)),
            headers,
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|header| header.0 == name).map(|header| &*header.1)
    }
}

/// Escapes what can't stand in a URL as it is, and nothing else: to read it as a URL would take the dots out of its path.
fn escaped(target: &str) -> String {
    target.bytes().fold(String::new(), |text, byte| match byte {
        b'!'..=b'~' => text + &char::from(byte).to_string(),
        _ => text + &format!("%{byte:02X}"),
    })
}

/// The settings that a case asks for; what it leaves open is as in our requests.
fn settings(name: &str, context: &Value) -> SigningSettings {
    let is = |key: &str| context.get(key).is_some_and(|value| value.as_bool().unwrap());
    let mut settings = SigningSettings::default();
    settings.uri_path_normalization_mode = is("normalize").into();
    if is("sign_body") {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if is("omit_session_token") {
        settings.session_token_mode = SessionTokenMode::Exclude;
    }
    if ENCODED_ONCE.contains(&name) {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
    }
    settings
}

/// Returns what a case expects and what we make of it, `authorization` first.
fn signed(folder: &Path, name: &str) -> [Vec<Option<String>>; 2] {
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    let context: Value = serde_json::from_str(&read("context.json")).unwrap();
    assert_eq!(context["timestamp"], "2015-08-30T12:36:00Z");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let credentials = Credentials::new(
        text(&context["credentials"]["access_key_id"]).unwrap(),
        text(&context["credentials"]["secret_access_key"]).unwrap(),
        text(&context["credentials"]["token"]),
        None,
        "test",
    );
    let case = Case::parse(&read("request.txt"));
    let headers = case.headers.iter().map(|(name, value)| (&**name, &**value));
    let body = SignableBody::Bytes(case.body.as_bytes());
    let request = SignableRequest::new(&case.method, &case.url, headers, body).unwrap();
    let (service, region) = (text(&context["service"]).unwrap(), text(&context["region"]).unwrap());
    let time = UNIX_EPOCH + TIME;
    let ours = sign_for(&service, settings(name, &context), request, &credentials, &region, time).unwrap();

    let expected = Case::parse(&read("header-signed-request.txt"));
    let names = ["authorization", "x-amz-date", "x-amz-security-token"];
    let ours = |name| ours.get(name).map(|value| value.to_str().unwrap().to_owned());
    [
        names.map(|name| expected.header(name).map(str::to_owned)).to_vec(),
        names.map(ours).to_vec(),
    ]
}

#[test]
fn aws_signs_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sigv4");
    let cases = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names = Vec::new();
    for case in cases.filter(|path| path.is_dir()) {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let [expected, ours] = signed(&case, &name);
        assert_eq!(ours, expected, "{name}");
        names.push(name);
    }
    assert_eq!(names.len(), 38, "{names:?}");
}

/// What botocore 1.43 makes of the same; `.ci/run sigv4` has many more.
#[test]
fn botocore_signs_the_same() {
    const KEY: (&str, &str) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    for (method, url, region, token, signed_headers, signature) in [
        (
            Method::POST,
            "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
            "eu-west-1",
            None,
            "content-type;host;x-amz-date",
            "09ec634079c9e9cdf51ef6c17a4564a8d17ba78b3229de0c49b7aeafe689c4ea",
        ),
        (
            Method::POST,
            "http://localhost:4577/v1/apis/x/graphql?b=2&a=%C3%A9&c",
            "us-east-1",
            Some("tok/en+="),
            "content-type;host;x-amz-date;x-amz-security-token",
            "3252a30892505ef497f20b232ea6abc0d0a52030da7d331b5a62dbcb3c2f9613",
        ),
        (
            Method::GET,
            "https://appsync.eu-west-1.amazonaws.com/v1/apis/abc123/schema?format=SDL&includeDirectives=true",
            "eu-west-1",
            None,
            "host;x-amz-date",
            "bde323ed2b6b6968a7dfbc3c5dbd886f0272844d408e3ecafecdb5dee67bb69e",
        ),
        (
            Method::GET,
            "http://localhost:4577/v1/apis/abc123/types/Query/resolvers?maxResults=25&nextToken=a%2Fb%2B%3D%3D",
            "us-east-1",
            Some("tok/en+="),
            "host;x-amz-date;x-amz-security-token",
            "1aaa06698840ab5265b12335c1eadf10124e204813211ec977a57199875acc76",
        ),
    ] {
        let url = Url::parse(url).unwrap();
        let body = Bytes::from_static(if method == Method::POST {
            b"{\"query\":\"{ ok }\"}"
        } else {
            b""
        });
        let outgoing = Outgoing {
            method: &method,
            url: &url,
            body: &body,
        };
        let credentials = Credentials::new(KEY.0, KEY.1, token.map(str::to_owned), None, "test");
        let headers = sign(outgoing, &credentials, region, UNIX_EPOCH + TIME).unwrap();
        let header = |name| {
            headers
                .get(name)
                .map(|value| (value.to_str().unwrap(), value.is_sensitive()))
        };
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/{region}/appsync/aws4_request, \
             SignedHeaders={signed_headers}, Signature={signature}"
        );
        assert_eq!(header("authorization"), Some((&*authorization, true)));
        assert_eq!(header("x-amz-date"), Some(("20150830T123600Z", false)));
        assert_eq!(header("x-amz-security-token"), token.map(|token| (token, true)));
        assert_eq!(signed_at(&headers), Some(UNIX_EPOCH + TIME));
        assert_eq!(headers.len(), 2 + usize::from(token.is_some()));
    }
}
