//! What can be changed.

use appsync_mcp_sandbox::{Config, Fault, Faults};
use serde_json::{Value, json};

use crate::client::{data, each, only_error, send, small, start};

const CREATE: &str = "mutation Create($name: String!, $description: String) {
  createCollection(input: { name: $name, description: $description }) { id name description visibility itemCount owner createdAt }
}";

#[tokio::test]
async fn a_new_collection_is_the_first_in_the_list() {
    let sandbox = small().await;
    let made = data(
        &sandbox,
        CREATE,
        json!({ "name": "Spring", "description": "For April" }),
    )
    .await["createCollection"]
        .clone();
    assert_eq!(
        (&made["name"], &made["description"], &made["itemCount"]),
        (&json!("Spring"), &json!("For April"), &json!(0))
    );
    // The schema's default of `visibility` does not get to the resolver, which has its own.
    assert_eq!(
        (&made["visibility"], &made["owner"]),
        (&json!("PRIVATE"), &json!("user-1"))
    );
    let listed = data(&sandbox, "{ listCollections { items { id } } }", json!({})).await;
    assert_eq!(
        each(&listed["listCollections"]["items"], "id")[0],
        made["id"].as_str().unwrap()
    );
}

#[tokio::test]
async fn a_name_can_be_used_once() {
    let sandbox = small().await;
    let taken = json!({ "name": "SaaS prospects" });
    let body = send(&sandbox, CREATE, taken).await;
    assert_eq!(body["data"], json!({ "createCollection": null }));
    assert_eq!(only_error(&body)["errorType"], "DuplicateName");
    // Another owner's name is free.
    data(&sandbox, CREATE, json!({ "name": "Private notes" })).await;
}

#[tokio::test]
async fn an_unset_variable_is_null_and_a_left_out_argument_is_absent() {
    let sandbox = start(Config {
        companies: 10,
        faults: Faults::NONE.with(Fault::CreateCollectionNullPointer),
        ..Config::default()
    })
    .await;
    let error = |message: &str| {
        json!({
            "path": ["createCollection"], "data": null, "errorType": "Lambda:Unhandled", "errorInfo": null,
            "locations": [{ "line": 2, "column": 3, "sourceName": null }], "message": message,
        })
    };
    let unset = send(&sandbox, CREATE, json!({ "name": "A" })).await;
    assert_eq!(unset["data"], json!({ "createCollection": null }));
    assert_eq!(
        only_error(&unset),
        &error("Cannot read properties of null (reading 'trim')")
    );
    let null = send(&sandbox, CREATE, json!({ "name": "A", "description": null })).await;
    assert_eq!(
        only_error(&null),
        &error("Cannot read properties of null (reading 'trim')")
    );
    let without = "mutation Create($name: String!) {\n  createCollection(input: { name: $name }) { id }\n}";
    assert_eq!(
        only_error(&send(&sandbox, without, json!({ "name": "A" })).await),
        &error("Cannot read properties of undefined (reading 'trim')")
    );
    let whole = "mutation Create($input: CreateCollectionInput!) {\n  createCollection(input: $input) { id }\n}";
    let body = send(&sandbox, whole, json!({ "input": { "name": "A" } })).await;
    assert_eq!(
        only_error(&body),
        &error("Cannot read properties of undefined (reading 'trim')")
    );
    assert_eq!(
        data(&sandbox, CREATE, json!({ "name": "A", "description": "" })).await["createCollection"]["description"],
        ""
    );
}

const ADD: &str = "mutation Add($id: ID!, $ids: [ID!]!) {
  addToCollection(input: { collectionId: $id, companyIds: $ids }) { added alreadyThere unknown collection { id itemCount } }
}";

#[tokio::test]
async fn adding_tells_what_became_of_each_company() {
    let sandbox = small().await;
    let variables = json!({ "id": "col-1", "ids": ["c-00200", "c-00001", "c-99999", "c-00201"] });
    let change = data(&sandbox, ADD, variables).await["addToCollection"].clone();
    let collection = json!({ "id": "col-1", "itemCount": 32 });
    assert_eq!(
        change,
        json!({ "added": 2, "alreadyThere": ["c-00001"], "unknown": ["c-99999"], "collection": collection })
    );
    let again = data(&sandbox, ADD, json!({ "id": "col-1", "ids": ["c-00200"] })).await["addToCollection"].clone();
    assert_eq!(
        (&again["added"], &again["alreadyThere"]),
        (&json!(0), &json!(["c-00200"]))
    );
}

#[tokio::test]
async fn adding_has_its_limits() {
    let sandbox = small().await;
    let ids: Vec<_> = (1..=51).map(|number| format!("c-{number:05}")).collect();
    let many = send(&sandbox, ADD, json!({ "id": "col-1", "ids": ids })).await;
    let error = only_error(&many);
    assert_eq!(
        (&error["errorType"], &error["errorInfo"]),
        (&json!("BadRequest"), &json!({ "max": 50, "given": 51 }))
    );
    for id in ["col-4", "col-99", "col-01", "nope"] {
        let nowhere = send(&sandbox, ADD, json!({ "id": id, "ids": ["c-00001"] })).await;
        assert_eq!(only_error(&nowhere)["errorType"], "CollectionNotFound", "{id}");
    }
}

const DISCOVER: &str = "mutation Discover($id: ID!, $target: EmailTargetInput) {
  requestEmailDiscovery(input: { companyId: $id, target: $target }) {
    id status company { id name } creditsCharged creditsLeft requestedAt expectedAt
  }
}";

/// The decision makers of the first fifty companies that have no e-mail address, as (company, contact).
async fn without_email(sandbox: &appsync_mcp_sandbox::Sandbox) -> Vec<(String, String)> {
    let ids: Vec<_> = (1..=50).map(|number| format!("c-{number:05}")).collect();
    let document = "query($ids: [ID!]!) { getCompanies(ids: $ids) { id contacts { items { id seniority email } } } }";
    let companies = data(sandbox, document, json!({ "ids": ids })).await["getCompanies"].clone();
    let mut without = Vec::new();
    for company in companies.as_array().unwrap() {
        for contact in company["contacts"]["items"].as_array().unwrap() {
            if contact["email"].is_null() && ["OWNER", "EXECUTIVE"].contains(&contact["seniority"].as_str().unwrap()) {
                without.push((
                    company["id"].as_str().unwrap().to_owned(),
                    contact["id"].as_str().unwrap().to_owned(),
                ));
            }
        }
    }
    without
}

#[tokio::test]
async fn a_discovery_costs_credits_and_its_emails_show_up() {
    let sandbox = small().await;
    let (company, contact) = without_email(&sandbox).await.remove(0);
    let discovery = data(&sandbox, DISCOVER, json!({ "id": company })).await["requestEmailDiscovery"].clone();
    assert_eq!(
        (&discovery["creditsCharged"], &discovery["creditsLeft"]),
        (&json!(5), &json!(45))
    );
    assert_eq!(
        (&discovery["status"], &discovery["company"]["id"]),
        (&json!("QUEUED"), &json!(company))
    );
    assert!(
        !without_email(&sandbox)
            .await
            .iter()
            .any(|(_, without)| *without == contact)
    );
    let email = data(
        &sandbox,
        "query($id: ID!) { getRecord(id: $id) { ... on Contact { email } } }",
        json!({ "id": contact }),
    )
    .await;
    assert!(email["getRecord"]["email"].as_str().unwrap().ends_with(".example"));
}

#[tokio::test]
async fn credits_run_out() {
    let sandbox = start(Config {
        companies: 10,
        credits: 7,
        ..Config::default()
    })
    .await;
    data(&sandbox, DISCOVER, json!({ "id": "c-00001" })).await;
    let body = send(&sandbox, DISCOVER, json!({ "id": "c-00001" })).await;
    assert_eq!(body["data"], json!({ "requestEmailDiscovery": null }));
    let error = only_error(&body);
    assert_eq!(
        (&error["errorType"], &error["errorInfo"]),
        (
            &json!("InsufficientCredits"),
            &json!({ "creditsNeeded": 5, "creditsLeft": 2 })
        )
    );
    let cheaper = data(&sandbox, DISCOVER, json!({ "id": "c-00001", "target": { "limit": 2 } })).await;
    assert_eq!(cheaper["requestEmailDiscovery"]["creditsLeft"], 0);
}

#[tokio::test]
async fn a_discovery_is_for_a_company_that_exists() {
    let sandbox = small().await;
    let body = send(&sandbox, DISCOVER, json!({ "id": "c-99999" })).await;
    assert_eq!(only_error(&body)["errorType"], "NotFound");
    assert_eq!(body["data"]["requestEmailDiscovery"], Value::Null);
}
