//! An API on loopback that says back what it was sent, in every place of an answer that can say something.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// One way to answer, by a name for failures.
type Trick = (&'static str, fn(&Said) -> Vec<u8>);

/// What a request said.
pub(crate) struct Said {
    /// The head and the body.
    text: String,
    /// The credential, whole and in those parts that would be one by themselves.
    credentials: Vec<String>,
}

/// Answers to a credential's words in their places.
pub(crate) const TRICKS: [Trick; 25] = [
    ("data", |said| json_200(&data(&said.all()).to_string())),
    ("data, every character escaped", |said| {
        json_200(&escaped(&data(&said.all()).to_string(), said, |c| {
            format!("\\u{:04x}", u32::from(c))
        }))
    }),
    ("data, upper-case escapes", |said| {
        json_200(&escaped(&data(&said.all()).to_string(), said, |c| {
            format!("\\u{:04X}", u32::from(c))
        }))
    }),
    ("data, some characters escaped", |said| {
        json_200(&escaped(&data(&said.all()).to_string(), said, |c| match c {
            '/' => "\\/".to_owned(),
            '+' | '=' | 'e' | '-' => format!("\\u{:04x}", u32::from(c)),
            _ => c.to_string(),
        }))
    }),
    ("data, JSON in a text", |said| {
        json_200(&data(&json!({ "echo": said.all() }).to_string().replace('/', "\\/")).to_string())
    }),
    ("data, chunked", |said| chunked(&data(&said.all()).to_string())),
    ("data, gzip", |said| gzip(&data(&said.all()).to_string())),
    ("data and errors", |said| {
        json_200(&json!({ "data": data(&said.all())["data"], "errors": [error(&said.all())] }).to_string())
    }),
    ("an error that may be shown", |said| {
        json_200(&json!({ "data": null, "errors": [showable(&said.credentials.join(" and "))] }).to_string())
    }),
    ("an error", |said| {
        json_200(&json!({ "data": null, "errors": [error(&said.all())] }).to_string())
    }),
    ("an error's type", |said| {
        json_200(&json!({ "data": null, "errors": [{ "message": "no", "errorType": said.credentials[0], "path": ["searchCompanies", said.credentials[0]] }] }).to_string())
    }),
    ("a field's name", |said| {
        json_200(&json!({ "data": { "searchCompanies": { "items": { (said.credentials[0].as_str()): said.credentials[0] } } } }).to_string())
    }),
    ("no envelope", |said| json_200(&json!(said.all()).to_string())),
    ("401", |said| {
        answer(
            "401 Unauthorized",
            "",
            &json!({ "errors": [error(&said.all())] }).to_string(),
        )
    }),
    ("403", |said| {
        answer(
            "403 Forbidden",
            "",
            &json!({ "message": format!("'{}' not a valid key=value pair", said.all()) }).to_string(),
        )
    }),
    ("400, a signature", |said| {
        let message = format!(
            "The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been\n'{}'",
            said.text
        );
        answer(
            "400 Bad Request",
            "",
            &json!({ "errors": [{ "errorType": "BadRequestException", "message": message }] }).to_string(),
        )
    }),
    ("500, escaped", |said| {
        answer(
            "500 Internal Server Error",
            "",
            &escaped(&json!({ "message": said.all() }).to_string(), said, |c| {
                format!("\\u{:04x}", u32::from(c))
            }),
        )
    }),
    ("headers", |said| {
        answer("403 Forbidden", &Said::headers(&said.credentials[0]), "")
    }),
    ("headers, of a part", |said| {
        answer("400 Bad Request", &Said::headers(said.credentials.last().unwrap()), "")
    }),
    ("headers of 200", |said| {
        answer(
            "200 OK",
            &Said::headers(said.credentials.last().unwrap()),
            &data("x").to_string(),
        )
    }),
    ("HTML", |said| {
        answer(
            "503 Service Unavailable",
            "content-type: text/html\r\n",
            &format!("<html>{}</html>", said.all()),
        )
    }),
    ("a redirect", |said| {
        answer(
            "302 Found",
            &format!("location: https://api.example.com/?token={}\r\n", said.credentials[0]),
            &said.all(),
        )
    }),
    ("garbage", |said| said.all().into_bytes()),
    ("a bad header", |said| {
        format!("HTTP/1.1 200 {0}\r\n{0} : {0}\r\n\r\n", said.credentials[0]).into_bytes()
    }),
    ("half an answer", |said| {
        format!("HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n{}", said.all()).into_bytes()
    }),
];

/// The API.
pub(crate) struct Echo {
    address: SocketAddr,
    trick: Arc<Mutex<Option<Trick>>>,
    received: Arc<Mutex<String>>,
}

impl Echo {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let echo = Self {
            address: listener.local_addr().unwrap(),
            trick: Arc::default(),
            received: Arc::default(),
        };
        let (trick, received) = (Arc::clone(&echo.trick), Arc::clone(&echo.received));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (trick, received) = (Arc::clone(&trick), Arc::clone(&received));
                thread::spawn(move || serve(stream.unwrap(), &trick, &received));
            }
        });
        echo
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// Says how requests are answered from now on; with nothing, not at all.
    pub(crate) fn play(&self, trick: Option<Trick>) {
        *self.trick.lock().unwrap() = trick;
    }

    /// Everything that was ever sent here.
    pub(crate) fn received(&self) -> String {
        self.received.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, trick: &Mutex<Option<Trick>>, received: &Mutex<String>) {
    let Some(text) = read_request(&mut stream) else { return };
    received.lock().unwrap().push_str(&text);
    let trick = *trick.lock().unwrap();
    match trick {
        Some((_, answer)) => {
            // Two parts, so that what is said is cut in the middle.
            let answer = answer(&Said::of(text));
            let (begin, end) = answer.split_at(answer.len() / 2);
            let _ = stream
                .write_all(begin)
                .and_then(|()| stream.flush())
                .and_then(|()| stream.write_all(end));
        }
        // Until the client gives up.
        None => while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {},
    }
}

fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .unwrap();
            if body.len() >= length.parse().unwrap() {
                return Some(text);
            }
        }
        match stream.read(&mut chunk) {
            Ok(length @ 1..) => bytes.extend_from_slice(&chunk[..length]),
            _ => return None,
        }
    }
}

impl Said {
    fn of(text: String) -> Self {
        let header = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let mut credentials = Vec::new();
        for value in ["x-api-key: ", "x-amz-security-token: ", "authorization: "]
            .into_iter()
            .filter_map(header)
        {
            let value = value.strip_prefix("Bearer ").unwrap_or(value);
            credentials.push(value.to_owned());
            // What a token says, and what proves it.
            credentials.extend(
                value
                    .split('.')
                    .skip(1)
                    .filter(|part| part.len() > 16)
                    .map(str::to_owned),
            );
            credentials.extend(
                value
                    .split("Credential=")
                    .skip(1)
                    .filter_map(|rest| rest.split('/').next())
                    .map(str::to_owned),
            );
        }
        Self { text, credentials }
    }

    fn all(&self) -> String {
        format!("{} {}", self.text, self.credentials.join(" "))
    }

    /// Returns headers that say this.
    fn headers(text: &str) -> String {
        let mut headers = String::new();
        for name in [
            "x-amzn-requestid",
            "x-amzn-errortype",
            "retry-after",
            "date",
            "www-authenticate",
            "set-cookie",
            "content-type",
        ] {
            write!(headers, "{name}: {text}\r\n").unwrap();
        }
        headers
    }
}

/// Data that fits `search_companies` and says this.
fn data(text: &str) -> Value {
    let item = json!({
        "id": text, "name": text, "country": text, "city": text, "industry": "SOFTWARE", "employees": 1,
        "employeeRange": "FROM_1_TO_10", "website": text,
    });
    json!({ "data": { "searchCompanies": { "items": [item], "nextToken": text, "total": 1 } } })
}

fn error(text: &str) -> Value {
    json!({ "message": text, "errorType": text, "errorInfo": { "echo": text }, "data": text, "path": [text], "locations": null })
}

fn showable(text: &str) -> Value {
    json!({ "message": text, "errorType": "Conflict", "path": ["searchCompanies"] })
}

/// Writes the characters of the credentials in another way.
fn escaped(json: &str, said: &Said, write: fn(char) -> String) -> String {
    said.credentials.iter().fold(json.to_owned(), |json, credential| {
        json.replace(credential, &credential.chars().map(write).collect::<String>())
    })
}

fn json_200(body: &str) -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", body)
}

fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Cuts everything into pieces of seven bytes.
fn chunked(body: &str) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.as_bytes().chunks(7) {
        write!(answer, "{:x}\r\n", chunk.len()).unwrap();
        answer.extend_from_slice(chunk);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

fn gzip(body: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body.as_bytes()).unwrap();
    let body = encoder.finish().unwrap();
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}
