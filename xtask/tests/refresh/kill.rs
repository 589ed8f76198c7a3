//! Killed at any moment, the program leaves the old file or the new one.

use std::{
    thread,
    time::{Duration, Instant},
};

use appsync_mcp_codegen::canonical;

use crate::project::Project;

const KILLS: u32 = 200;

/// How long it may take, on a busy machine too, until that many are killed, and some not.
const PATIENCE: Duration = Duration::from_mins(30);

/// Returns a schema with a description of so many lines. Descriptions take room, and no time as types do.
fn large(lines: usize, word: &str) -> String {
    let description = format!("  A {word} book.\n").repeat(lines);
    let sdl = format!("type Query {{ book: Book }} \"\"\"{description}\"\"\" type Book {{ id: ID! title: String! }}");
    canonical(&sdl).unwrap()
}

/// Returns a number below a bound, other ones each time (Knuth's linear congruential generator).
fn random(state: &mut u64, bound: u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % bound
}

#[test]
fn killed_at_any_moment_it_leaves_the_old_file_or_the_new_one() {
    let project = Project::new();
    let schemas = [large(1_000, "red"), large(1_200, "green")];
    for (name, schema) in ["red.graphql", "green.graphql"].iter().zip(&schemas) {
        project.write(name, schema);
    }
    project.write("schema/schema.graphql", &schemas[0]);
    let begun = Instant::now();
    assert_eq!(project.run(&["--from", "green.graphql"]).code, 0);
    let mut whole_us = u64::try_from(begun.elapsed().as_micros()).unwrap();

    let (mut state, mut killed, mut finished, mut seen) = (42, 0, 0, [0; 2]);
    // Else nothing would be shown.
    while killed < KILLS || finished == 0 || seen.contains(&0) {
        assert!(begun.elapsed() < PATIENCE, "{killed} {finished} {seen:?}");
        let is_green = project.read("schema/schema.graphql") == schemas[1];
        let from = if is_green { "red.graphql" } else { "green.graphql" };
        let mut child = project
            .command(&["--from", from])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Nothing is written in the first half.
        thread::sleep(Duration::from_micros(whole_us / 2 + random(&mut state, whole_us / 2)));
        let _ = child.kill();
        // This machine may be faster or slower by now; most runs are to be killed, and late.
        if child.wait().unwrap().success() {
            finished += 1;
            whole_us -= whole_us / 12;
        } else {
            killed += 1;
            whole_us += whole_us / 50;
        }

        let found = project.read("schema/schema.graphql");
        let which = schemas.iter().position(|schema| *schema == found);
        seen[which.unwrap_or_else(|| panic!("{} bytes, which are neither", found.len()))] += 1;
    }

    let last = project.run(&["--from", "green.graphql"]);
    assert_eq!(last.code, 0, "{last:?}");
    let names: Vec<String> = project.schema_folder().into_keys().collect();
    assert_eq!(names, ["api.json", "api.local.json", "schema.graphql"]);
    eprintln!("{killed} killed, {finished} finished, seen {seen:?}");
}
