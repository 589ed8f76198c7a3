//! An API that says back all that it was sent, in every mode: nobody gets to read the credential.
//!
//! Here every tool is open to every mode, so that all of them send something.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::credential::{Credential, Mode};
use crate::program::{Era, Program};
use crate::upstream::read_request;

const MODES: [Mode; 6] = [
    Mode::ApiKey,
    Mode::Iam,
    Mode::Oidc,
    Mode::CognitoUserPools,
    Mode::Lambda,
    Mode::LambdaCommand,
];

/// What a program sends beside its credential, and is told when it is said back.
const PLAIN: &str = "content-type: application/json";

/// The status and the body of the nth answer to a request.
fn answer(number: usize, request: &str) -> (u16, Value) {
    let item =
        json!({ "id": request, "name": request, "price": null, "state": "NEW", "tags": [request], "maker": null });
    let error = json!({ "errorType": request, "message": request, "errorInfo": request });
    match number {
        0 => (200, json!({ "data": { "getItem": item } })),
        1 => (200, json!({ "data": { "getItem": item }, "errors": [error] })),
        2 => (200, json!({ "data": null, "errors": [error] })),
        3 => (400, json!({ "errors": [error] })),
        4 => (403, json!({ "message": request })),
        _ => (200, json!(request)),
    }
}

const ANSWERS: usize = 6;

/// Starts an API that keeps what it is sent, and has one answer for each call, however often that is tried.
fn start(number: Arc<Mutex<usize>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/graphql", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&requests);
    // They end with the process; a connection ends when its client goes away.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (all, number) = (Arc::clone(&all), Arc::clone(&number));
            thread::spawn(move || serve(&mut stream.unwrap(), &all, &number));
        }
    });
    (endpoint, requests)
}

fn serve(stream: &mut TcpStream, all: &Mutex<Vec<String>>, number: &Mutex<usize>) {
    while let Some(request) = read_request(stream) {
        let (status, body) = answer(*number.lock().unwrap(), &request);
        all.lock().unwrap().push(request);
        let body = body.to_string();
        let length = body.len();
        let head = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        if stream.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn no_mode_says_or_logs_what_it_sends() {
    for mode in MODES {
        let number = Arc::new(Mutex::new(0));
        let (endpoint, requests) = start(Arc::clone(&number));
        let credential = Credential::new(mode);
        let mut program = Program::start_in(Era::Legacy, &endpoint, &credential);
        let mut said = String::new();
        for nth in 0..ANSWERS {
            *number.lock().unwrap() = nth;
            program.ask(nth as u64 + 1, "get_item");
            said.push_str(&program.message().to_string());
        }
        let log = program.end();

        let requests = requests.lock().unwrap();
        assert!(requests.len() >= ANSWERS, "{mode:?}: {requests:?}");
        for request in &*requests {
            assert_eq!(credential.number(request), 0, "{mode:?}: {request}");
        }
        assert!(
            said.contains(PLAIN) && log.contains(" TRACE "),
            "{mode:?}: {said}\n{log}"
        );
        for secret in credential.secrets() {
            assert!(!said.contains(secret), "{mode:?}: said {secret}: {said}");
            assert!(!log.contains(secret), "{mode:?}: logged {secret}: {log}");
        }
    }
}
