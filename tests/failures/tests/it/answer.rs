//! What an API writes, from its description in a case: a regular answer, one that is bent, or bytes that are none.
//!
//! Placeholders stand for what differs between tools: `"$data"` for an answer's data, `"$item"` for the root field's value,
//! `$root` for the root field's name; `$credential` for what was sent, and `$elsewhere` for another server's URL.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::Value;

/// What is written. Left out: nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Answer {
    /// What comes first, as it is: half an answer, another protocol, or what is no answer at all.
    #[serde(default)]
    raw: String,
    /// After how many milliseconds the raw bytes are written again, and again, until the client goes away.
    again_ms: Option<u64>,
    /// The status line; without one there is no head and no body.
    line: Option<String>,
    /// The other lines of the head.
    #[serde(default)]
    headers: Vec<String>,
    /// How many times the last of these lines is there.
    last_header_times: Option<usize>,
    /// The body: a text as it is, anything else as JSON.
    body: Option<Value>,
    /// How many times the last of the body's errors is there.
    last_error_times: Option<usize>,
    /// How many spaces come after the body.
    #[serde(default)]
    pad: usize,
    /// Whether the body is compressed, and said to be.
    #[serde(default)]
    gzip: bool,
    /// How the end of the body is told.
    #[serde(default)]
    framing: Framing,
    /// How many bytes of the body are written, if not all.
    cut: Option<usize>,
    /// How long it waits before each byte of the body, in milliseconds.
    drip_ms: Option<u64>,
}

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Framing {
    /// By its length.
    #[default]
    Length,
    /// By a length that is ten bytes too large.
    TooLong,
    /// By a length that is ten bytes too small.
    TooShort,
    /// By chunks.
    Chunked,
    /// By the end of the connection.
    Close,
}

/// What stands for a placeholder.
pub(crate) struct Filling<'a> {
    /// The root field.
    pub(crate) root: &'a str,
    /// What is sent as a credential.
    pub(crate) credential: &'a str,
    /// The URL of another server.
    pub(crate) elsewhere: &'a str,
}

/// The value of the root field in a regular answer.
const ITEM: &str = r#"{"id":"i-1","name":"Lamp","price":12,"state":"NEW","tags":["new"],"maker":{"name":"Ann"}}"#;

impl Filling<'_> {
    fn fill(&self, text: &str) -> String {
        text.replace(r#""$data""#, r#"{"$root":"$item"}"#)
            .replace(r#""$item""#, ITEM)
            .replace("$root", self.root)
            .replace("$credential", self.credential)
            .replace("$elsewhere", self.elsewhere)
    }
}

impl Answer {
    /// Puts in what the placeholders stand for.
    pub(crate) fn filled(&self, filling: &Filling<'_>) -> Self {
        let mut whole = self.clone();
        if let Some(times) = self.last_header_times {
            repeat_last(&mut whole.headers, times);
        }
        if let Some(times) = self.last_error_times {
            repeat_last(whole.body.as_mut().unwrap()["errors"].as_array_mut().unwrap(), times);
        }
        Self {
            headers: whole.headers.iter().map(|header| filling.fill(header)).collect(),
            body: whole.body.as_ref().map(|body| filling.fill(&text(body)).into()),
            ..whole
        }
    }

    /// The status as it is written, if it is an answer at all.
    pub(crate) fn status(&self) -> Option<&str> {
        self.line.as_ref()?.split(' ').nth(1)
    }

    /// Whether it takes its time.
    pub(crate) fn is_slow(&self) -> bool {
        self.again_ms.is_some() || self.drip_ms.is_some()
    }

    /// Writes it all, or as much as the client takes.
    pub(crate) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(self.raw.as_bytes())?;
        while let Some(pause) = self.again_ms {
            thread::sleep(Duration::from_millis(pause));
            to.write_all(self.raw.as_bytes())?;
        }
        let Some(line) = &self.line else { return Ok(()) };
        let body = self.body();
        let length = body.len();
        to.write_all(&self.head(line, length)?)?;
        let sent = body.get(..self.cut.unwrap_or(length)).unwrap();
        let is_whole = sent.len() == length;
        if self.framing == Framing::Chunked {
            for chunk in sent.chunks(64 * 1024) {
                write!(to, "{:x}\r\n", chunk.len())?;
                to.write_all(chunk)?;
                to.write_all(b"\r\n")?;
            }
            return to.write_all(if is_whole { b"0\r\n\r\n" } else { b"400\r\n" });
        }
        let Some(pause) = self.drip_ms.map(Duration::from_millis) else {
            return to.write_all(sent);
        };
        for byte in sent {
            thread::sleep(pause);
            to.write_all(&[*byte])?;
        }
        Ok(())
    }

    fn head(&self, line: &str, length: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        write!(head, "{line}\r\n")?;
        for header in &self.headers {
            write!(head, "{header}\r\n")?;
        }
        if self.gzip {
            write!(head, "content-encoding: gzip\r\n")?;
        }
        match self.framing {
            Framing::Length => write!(head, "content-length: {length}\r\n")?,
            Framing::TooLong => write!(head, "content-length: {}\r\n", length + 10)?,
            Framing::TooShort => write!(head, "content-length: {}\r\n", length - 10)?,
            Framing::Chunked => write!(head, "transfer-encoding: chunked\r\n")?,
            Framing::Close => {}
        }
        write!(head, "\r\n")?;
        Ok(head)
    }

    fn body(&self) -> Vec<u8> {
        let mut body = self.body.as_ref().map(text).unwrap_or_default().into_bytes();
        body.resize(body.len() + self.pad, b' ');
        if !self.gzip {
            return body;
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&body).unwrap();
        packed.finish().unwrap()
    }
}

/// Repeats the last item until it is there so many times.
fn repeat_last<T: Clone>(items: &mut Vec<T>, times: usize) {
    let last = items.last().cloned().unwrap();
    items.extend(vec![last; times - 1]);
}

fn text(body: &Value) -> String {
    match body {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    }
}
