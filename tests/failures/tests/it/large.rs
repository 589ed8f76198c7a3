//! An answer of a gibibyte costs the server no more than what it is ready to take.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use flate2::{Compress, Compression, FlushCompress};

use crate::credential::{Credential, Mode};
use crate::program::{PATIENCE, Program};
use crate::upstream::{read_request, until_gone};

/// The length of the answer once it is whole, in bytes.
const WHOLE: u64 = 1 << 30;

/// What the server takes of an answer at most, in bytes.
const TAKEN_MAX: u64 = 8 << 20;

/// What is written at a time, before it is compressed, in bytes.
const PIECE: usize = 1 << 20;

/// How the answer is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Length,
    Chunked,
    UntilClosed,
    Gzip,
}

/// An API whose first answer is regular, and whose second is a gibibyte long.
struct Large {
    address: SocketAddr,
    /// How much of the answers' bodies could be written, in bytes.
    written: Arc<AtomicU64>,
    /// Says so each time that the client has closed the connection of such an answer.
    gone: Receiver<()>,
}

impl Large {
    fn start(status: &'static str, form: Form) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let written = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&written);
        let (send, gone) = mpsc::channel();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = read_request(&mut stream);
            let body = r#"{"data":{"getItem":null}}"#;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            let mut first = Some(stream);
            // Other attempts come over connections of their own.
            while let Some(mut stream) = first.take().or_else(|| Some(listener.accept().ok()?.0)) {
                if read_request(&mut stream).is_some() {
                    // The client closes long before the end.
                    let _ = write(&mut stream, status, form, &count);
                    until_gone(&mut stream);
                    let _ = send.send(());
                }
            }
        });
        Self { address, written, gone }
    }
}

/// Writes the answer, as far as the client takes it.
fn write(stream: &mut TcpStream, status: &str, form: Form, written: &AtomicU64) -> io::Result<()> {
    let framing = match form {
        Form::Length => format!("content-length: {WHOLE}\r\n"),
        Form::Chunked => "transfer-encoding: chunked\r\n".to_owned(),
        Form::UntilClosed => String::new(),
        Form::Gzip => "content-encoding: gzip\r\ntransfer-encoding: chunked\r\n".to_owned(),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{framing}\r\n"
    )?;
    let piece = if form == Form::Gzip { packed() } else { vec![0; PIECE] };
    let mut send = |bytes: &[u8]| {
        if matches!(form, Form::Chunked | Form::Gzip) {
            write!(stream, "{:x}\r\n", bytes.len())?;
        }
        for part in bytes.chunks(64 * 1024) {
            stream.write_all(part)?;
            written.fetch_add(part.len() as u64, Ordering::AcqRel);
        }
        if matches!(form, Form::Chunked | Form::Gzip) {
            write!(stream, "\r\n")?;
        }
        io::Result::Ok(())
    };
    if form == Form::Gzip {
        // RFC 1952, section 2.3.1: the magic number, deflate, no flags, no time, an unknown system.
        send(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])?;
    }
    for _ in 0..WHOLE / PIECE as u64 {
        send(&piece)?;
    }
    if matches!(form, Form::Chunked | Form::Gzip) {
        write!(stream, "0\r\n\r\n")?;
    }
    Ok(())
}

/// Returns a piece of zeros as deflate has it. It ends at a byte and refers to nothing before it, so that it can be repeated.
fn packed() -> Vec<u8> {
    let mut packed = Vec::with_capacity(PIECE);
    Compress::new(Compression::best(), false)
        .compress_vec(&vec![0; PIECE], &mut packed, FlushCompress::Full)
        .unwrap();
    packed
}

#[test]
fn a_gibibyte_costs_no_more_than_what_is_taken() {
    let credential = Credential::new(Mode::ApiKey);
    for status in ["200 OK", "500 Internal Server Error"] {
        for form in [Form::Length, Form::Chunked, Form::UntilClosed, Form::Gzip] {
            for tool in ["get_item", "make_item"] {
                let api = Large::start(status, form);
                let mut program = Program::start(&format!("http://{}/graphql", api.address), &credential);
                program.ask(1, "get_item");
                program.told();
                let before = program.memory();
                program.ask(2, tool);
                let told = program.told();
                assert!(told.is_error);
                let after = program.memory();
                api.gone.recv_timeout(PATIENCE).unwrap();
                let log = program.end();
                let written = api.written.load(Ordering::Acquire);
                println!(
                    "{status}, {form:?}, {tool}: at most {} KiB more, {} KiB written: {}",
                    (after.most - before.most) / 1024,
                    written / 1024,
                    told.text
                );
                let expected = match (status, tool) {
                    ("200 OK", "get_item") => "too large: the answer is larger than 8388608 bytes",
                    (_, "get_item") => "upstream error: the API failed on its side",
                    ("200 OK", _) => {
                        "outcome unknown: this write may have been carried out, but its answer is too large"
                    }
                    _ => "outcome unknown: this write may have been carried out, at least in part",
                };
                assert!(told.text.starts_with(expected), "{}", told.text);
                assert!(
                    after.most - before.most < TAKEN_MAX + TAKEN_MAX / 2,
                    "{before:?} {after:?} {log}"
                );
                assert!(written < WHOLE / 8, "{written}");
            }
        }
    }
}
