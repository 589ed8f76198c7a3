//! Each tool, end to end, in both generations of the protocol.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::api::Api;
use crate::session::{Era, Session};

/// Reads a tool's pages to the end. Returns the items, and how many pages were empty and yet not the last.
fn all_pages(session: &mut Session, tool: &str, arguments: &Value) -> (Vec<Value>, usize) {
    let (mut items, mut empty, mut arguments) = (Vec::new(), 0, arguments.clone());
    loop {
        let page = session.result(tool, arguments.clone());
        let of_page = page["items"].as_array().unwrap();
        if let Some(limit) = arguments["limit"].as_u64() {
            assert!(of_page.len() as u64 <= limit, "{tool}: {} items", of_page.len());
        }
        items.extend(of_page.iter().cloned());
        if page["nextToken"].is_null() {
            assert_eq!(page.get("__notes"), None);
            return (items, empty);
        }
        if of_page.is_empty() {
            empty += 1;
            let note = "`items` is empty, but this is not the end: call again with this `nextToken` to go on";
            assert_eq!(page["__notes"], json!([note]));
        }
        arguments["nextToken"] = page["nextToken"].clone();
    }
}

/// The values of a key, and that there are no two alike.
fn distinct<'a>(items: &'a [Value], pointer: &str) -> Vec<&'a str> {
    let values: Vec<&str> = items
        .iter()
        .map(|item| item.pointer(pointer).unwrap().as_str().unwrap())
        .collect();
    assert_eq!(
        values.iter().collect::<HashSet<_>>().len(),
        values.len(),
        "something came twice"
    );
    values
}

#[test]
fn search_companies_finds_what_fits_and_nothing_else() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let arguments =
            json!({ "keywords": "SaaS", "country": "Germany", "employeesMin": 50, "employeesMax": 200, "limit": 100 });
        let (narrow, _) = all_pages(&mut session, "search_companies", &arguments);
        assert!(!narrow.is_empty());
        for company in &narrow {
            assert_eq!(company["country"], "DE", "{company}");
            assert!(
                (50..=200).contains(&company["employees"].as_i64().unwrap()),
                "{company}"
            );
        }
        let (wide, _) = all_pages(
            &mut session,
            "search_companies",
            &json!({ "keywords": "SaaS", "limit": 100 }),
        );
        assert!(wide.len() > narrow.len());
        // What was narrowed away is what does not fit.
        let fitting = wide.iter().filter(|company| {
            company["country"] == "DE"
                && company["employees"]
                    .as_i64()
                    .is_some_and(|employees| (50..=200).contains(&employees))
        });
        let mut fitting: Vec<_> = fitting.map(|company| company["id"].as_str().unwrap()).collect();
        let mut found = distinct(&narrow, "/id");
        fitting.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, fitting);
    }
}

#[test]
fn search_companies_is_read_to_its_end_over_an_empty_page() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let arguments = json!({ "keywords": "SaaS", "limit": 25 });
        let (items, empty) = all_pages(&mut session, "search_companies", &arguments);
        distinct(&items, "/id");
        assert_eq!(empty, 1);
        let total = session.result("search_companies", arguments)["total"].as_u64().unwrap();
        assert_eq!(items.len() as u64, total);
        assert!(total > 100, "{total} companies are too few for this test");
    }
}

#[test]
fn get_company_returns_the_whole_profile_or_not_found() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let mut seen = HashSet::new();
        for number in 1..=40 {
            let id = format!("c-{number:05}");
            let company = session.result("get_company", json!({ "id": id }));
            assert_eq!(company["id"], id);
            // Aliases are the keys of the result.
            for key in ["seat", "decisionMakers", "fundingRounds", "revenue", "parent"] {
                if !company[key].is_null() {
                    seen.insert(key);
                }
            }
        }
        assert_eq!(seen.len(), 5, "not every part of a profile was seen: {seen:?}");
        let text = session.failure("get_company", json!({ "id": "c-99999" }));
        assert!(
            text.starts_with("not found: nothing in the API belongs to these arguments (request id "),
            "{text}"
        );
    }
}

#[test]
fn get_companies_batch_keeps_the_order_and_has_null_for_strangers() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let ids = ["c-00007", "c-99999", "c-00003", "c-00007", "c-00001", "c-00003"];
        let result = session.result("get_companies_batch", json!({ "ids": ids }));
        let items = result["items"].as_array().unwrap();
        let found: Vec<Option<&str>> = items.iter().map(|item| item["id"].as_str()).collect();
        assert_eq!(found, [Some("c-00007"), None, Some("c-00003"), Some("c-00001")]);
        assert!(items[1].is_null());
        let ids: Vec<String> = (1..=50).map(|number| format!("c-{number:05}")).collect();
        let result = session.result("get_companies_batch", json!({ "ids": ids }));
        assert_eq!(distinct(result["items"].as_array().unwrap(), "/id"), ids);
    }
}

#[test]
fn ai_search_finds_companies_people_and_collections() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let question = "Which SaaS prospects from my collections are in Berlin?";
        let result = session.result("ai_search", json!({ "question": question, "limit": 25 }));
        assert!(
            result["interpretation"].as_str().unwrap().contains("berlin"),
            "{result}"
        );
        let hits = result["hits"].as_array().unwrap();
        let of = |name: &str| hits.iter().filter(|hit| hit["__typename"] == name).collect::<Vec<_>>();
        assert!(of("AiCompanyHit").iter().all(|hit| hit["company"]["id"].is_string()));
        assert!(of("AiCompanyHit").len() > 5);
        let [contact] = of("AiContactHit")[..] else {
            panic!("{result}")
        };
        assert!(contact["contact"]["employer"]["name"].is_string());
        // The operation selects nothing of it but its name.
        assert_eq!(of("AiCollectionHit")[0], &json!({ "__typename": "AiCollectionHit" }));

        let result = session.result(
            "ai_search",
            json!({ "question": question, "industries": ["MEDIA"], "limit": 2 }),
        );
        let hits = result["hits"].as_array().unwrap();
        assert_eq!(hits.len(), 2);
        for company in hits.iter().filter_map(|hit| hit.get("company")) {
            assert_eq!(company["industry"], "MEDIA");
        }
    }
}

#[test]
fn list_collections_has_the_callers_own_newest_first() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let (pages, _) = all_pages(&mut session, "list_collections", &json!({ "limit": 1 }));
        assert_eq!(
            distinct(&pages, "/name"),
            [
                "Suppliers",
                "Trade fair contacts",
                "Fintech watch list",
                "SaaS prospects"
            ]
        );
        let (whole, empty) = all_pages(&mut session, "list_collections", &json!({}));
        assert_eq!((whole, empty), (pages, 0));
    }
}

#[test]
fn get_collection_items_is_read_to_its_end() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let (items, empty) = all_pages(
            &mut session,
            "get_collection_items",
            &json!({ "collectionId": "col-1", "limit": 7 }),
        );
        assert_eq!(empty, 1);
        let expected: Vec<String> = (1..=30).map(|number| format!("c-{number:05}")).collect();
        assert_eq!(distinct(&items, "/company/id"), expected);
        let text = session.failure("get_collection_items", json!({ "collectionId": "col-4" }));
        assert!(
            text.starts_with("not found: No collection of yours has the id 'col-4'."),
            "{text}"
        );
    }
}

#[test]
fn a_collection_that_was_made_and_filled_is_there_when_read_back() {
    for era in Era::ALL {
        let api = Api::start();
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        let plain = session.result("create_collection", json!({ "name": "Plain" }));
        let told = session.result(
            "create_collection",
            json!({ "name": " Told ", "description": "What it is for" }),
        );
        assert_eq!((&plain["name"], &plain["description"]), (&json!("Plain"), &Value::Null));
        assert_eq!(
            (&told["name"], &told["description"]),
            (&json!("Told"), &json!("What it is for"))
        );
        let list = session.result("list_collections", json!({ "limit": 2 }));
        assert_eq!(list["items"], json!([told, plain]));

        let id = told["id"].clone();
        let ids = ["c-00009", "c-00002", "c-00009", "c-99999", "c-00005"];
        let change = session.result("add_to_collection", json!({ "collectionId": id, "companyIds": ids }));
        assert_eq!(change["added"], 3);
        assert_eq!(change["unknown"], json!(["c-99999"]));
        assert_eq!(change["alreadyThere"], json!([]));
        assert_eq!(change["collection"]["itemCount"], 3);
        let again = session.result(
            "add_to_collection",
            json!({ "collectionId": id, "companyIds": ["c-00002", "c-00001"] }),
        );
        assert_eq!(
            (&again["added"], &again["alreadyThere"]),
            (&json!(1), &json!(["c-00002"]))
        );

        let (items, _) = all_pages(&mut session, "get_collection_items", &json!({ "collectionId": id }));
        assert_eq!(
            distinct(&items, "/company/id"),
            ["c-00009", "c-00002", "c-00005", "c-00001"]
        );
        let (items, _) = all_pages(
            &mut session,
            "get_collection_items",
            &json!({ "collectionId": plain["id"] }),
        );
        assert_eq!(items, [Value::Null; 0]);
    }
}

#[test]
fn request_email_discovery_costs_credits_each_time_and_finds_emails() {
    for era in Era::ALL {
        let api = Api::start();
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        let missing = |company: &Value| {
            let people = company["decisionMakers"]["items"].as_array();
            let leads = people
                .into_iter()
                .flatten()
                .filter(|person| ["OWNER", "EXECUTIVE"].contains(&person["seniority"].as_str().unwrap()));
            leads.filter(|person| person["email"].is_null()).count()
        };
        let id = (1..=200)
            .map(|number| format!("c-{number:05}"))
            .find(|id| missing(&session.result("get_company", json!({ "id": id }))) > 0);
        let id = id.unwrap();
        let first = session.result("request_email_discovery", json!({ "companyId": id }));
        assert_eq!(first["company"]["id"], json!(id));
        assert_eq!(first["status"], "QUEUED");
        assert_eq!(
            (&first["creditsCharged"], &first["creditsLeft"]),
            (&json!(5), &json!(45))
        );
        let second = session.result("request_email_discovery", json!({ "companyId": id }));
        assert_eq!(second["creditsLeft"], 40);
        assert_ne!(first["id"], second["id"]);
        let company = session.result("get_company", json!({ "id": id }));
        assert_eq!(missing(&company), 0, "{company}");
    }
}
