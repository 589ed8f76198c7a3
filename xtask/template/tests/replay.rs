//! The exchanges that `cargo xtask verify --record recordings` has saved → whether the same requests are made, and the same
//! comes of the same answers. Nothing is sent, and no credential is needed.

use std::path::Path;
use std::process::Command;

#[test]
fn recordings_replay() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings");
    if !Path::new(folder).exists() {
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_project-name"))
        .args(["verify", "--replay", folder])
        .output()
        .unwrap();
    let told = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    assert!(
        output.status.success(),
        "{}{}",
        told(&output.stdout),
        told(&output.stderr)
    );
}
