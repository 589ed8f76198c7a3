//! Which URLs a credential may be sent to.

use appsync_mcp_client::{Endpoint, EndpointError, InsecureHttp};

fn check(url: &str, expected: Result<&str, EndpointError>) {
    let endpoint = Endpoint::parse(url, InsecureHttp::OnLoopback).map(|endpoint| endpoint.to_string());
    assert_eq!(endpoint, expected.map(str::to_owned), "{url}");
}

#[test]
fn takes_https_anywhere_and_http_on_loopback() {
    let appsync = "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-central-1.amazonaws.com/graphql";
    check(appsync, Ok(appsync));
    check(&format!(" {appsync}\n"), Ok(appsync));
    check("https://api.example.com/", Ok("https://api.example.com/"));
    check("http://localhost:4000/graphql", Ok("http://localhost:4000/graphql"));
    check("http://127.0.0.1/graphql", Ok("http://127.0.0.1/graphql"));
    check("http://127.8.9.10:1/graphql", Ok("http://127.8.9.10:1/graphql"));
    check("http://[::1]:1/graphql", Ok("http://[::1]:1/graphql"));
}

#[test]
fn refuses_what_would_show_a_credential() {
    for url in [
        "http://api.example.com/graphql",
        "http://localhost.example.com/graphql",
        "http://localhost./graphql",
        "http://sub.localhost/graphql",
        "http://128.0.0.1/graphql",
        "http://0.0.0.0/graphql",
        "http://[::]/graphql",
        "http://[::ffff:8.8.8.8]/graphql",
    ] {
        check(url, Err(EndpointError::Insecure));
    }
    check("https://ann:topsecret@api.example.com/", Err(EndpointError::UserInfo));
    check("https://ann@api.example.com/", Err(EndpointError::UserInfo));
    assert_eq!(
        Endpoint::parse("http://localhost/graphql", InsecureHttp::Refuse),
        Err(EndpointError::Insecure)
    );
}

#[test]
fn refuses_what_is_no_endpoint() {
    check("", Err(EndpointError::NotAUrl));
    check("api.example.com/graphql", Err(EndpointError::NotAUrl));
    check("https://", Err(EndpointError::NotAUrl));
    check("https://api.example.com/gra\nphql", Err(EndpointError::NotAUrl));
    check("wss://api.example.com/graphql", Err(EndpointError::Scheme));
    check("file:///etc/passwd", Err(EndpointError::Scheme));
    check("https://api.example.com/graphql#top", Err(EndpointError::Fragment));
    check(
        "https://x.appsync-realtime-api.us-east-1.amazonaws.com/graphql",
        Err(EndpointError::RealTime),
    );
    check(
        "https://x.appsync-api.us-east-1.amazonaws.com",
        Err(EndpointError::Path),
    );
    check(
        "https://x.appsync-api.cn-north-1.amazonaws.com.cn/",
        Err(EndpointError::Path),
    );
}

#[test]
fn tells_what_is_on_this_machine_by_any_of_its_names() {
    for (host, is_loopback, is_on_this_machine) in [
        ("localhost", true, true),
        ("127.0.0.1", true, true),
        ("127.8.9.10", true, true),
        ("[::1]", true, true),
        ("0.0.0.0", false, true),
        ("[::]", false, true),
        ("[::ffff:127.0.0.1]", false, true),
        ("[::ffff:0.0.0.0]", false, true),
        ("api.localhost", false, true),
        ("192.0.2.1", false, false),
        ("[::ffff:192.0.2.1]", false, false),
        ("[2001:db8::1]", false, false),
        ("localhost.example.com", false, false),
        ("notlocalhost", false, false),
        ("api.example.com", false, false),
    ] {
        let endpoint = Endpoint::parse(&format!("http://{host}:1/graphql"), InsecureHttp::Anywhere).unwrap();
        assert_eq!(endpoint.is_loopback(), is_loopback, "{host}");
        assert_eq!(endpoint.is_on_this_machine(), is_on_this_machine, "{host}");
        // The leave of `http` stays narrow.
        let narrow = Endpoint::parse(&format!("http://{host}:1/graphql"), InsecureHttp::OnLoopback);
        assert_eq!(narrow.is_ok(), is_loopback, "{host}");
    }
}
