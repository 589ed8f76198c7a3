//! What can be read.

use std::collections::BTreeSet;

use appsync_mcp_sandbox::Config;
use serde_json::{Value, json};

use crate::client::{data, each, only_error, send, send_as, small, start};

const SEARCH: &str =
    "query Search($keywords: String!, $country: String, $min: Int, $max: Int, $limit: Int! = 20, $nextToken: String) {
  searchCompanies(
    filter: { keywords: $keywords, location: { country: $country }, employees: { min: $min, max: $max } }
    limit: $limit
    nextToken: $nextToken
  ) { items { id name country city industry employees description technologies } nextToken total }
}";

#[tokio::test]
async fn search_finds_a_good_handful() {
    let sandbox = start(Config::default()).await;
    let variables = json!({ "keywords": "SaaS", "country": "DE", "min": 50, "max": 200, "limit": 100 });
    let found = data(&sandbox, SEARCH, variables).await["searchCompanies"].clone();
    let items = found["items"].as_array().unwrap();
    assert!((10..=100).contains(&items.len()), "{}", items.len());
    assert_eq!(found["total"], items.len());
    for item in items {
        assert_eq!(item["country"], "DE");
        assert!((50..=200).contains(&item["employees"].as_i64().unwrap()), "{item}");
        assert!(
            item["description"].is_null() || item["description"].as_str().unwrap().contains("SaaS"),
            "{item}"
        );
    }
}

#[tokio::test]
async fn absent_variables_do_not_narrow_a_search() {
    let sandbox = small().await;
    let all = data(&sandbox, SEARCH, json!({ "keywords": "SaaS" })).await;
    let nulls = data(
        &sandbox,
        SEARCH,
        json!({ "keywords": "SaaS", "country": null, "min": null, "max": null, "nextToken": null }),
    )
    .await;
    assert_eq!(all, nulls);
    assert!(all["searchCompanies"]["total"].as_i64().unwrap() > 20);
    assert_eq!(all["searchCompanies"]["items"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn every_word_must_be_met_in_any_of_the_texts() {
    let sandbox = small().await;
    let one = data(&sandbox, SEARCH, json!({ "keywords": "software", "limit": 100 })).await["searchCompanies"]["total"]
        .as_i64()
        .unwrap();
    let both =
        data(&sandbox, SEARCH, json!({ "keywords": "software berlin", "limit": 100 })).await["searchCompanies"].clone();
    assert!(both["total"].as_i64().unwrap() < one);
    assert!(!both["items"].as_array().unwrap().is_empty());
    assert!(
        both["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["city"] == "Berlin"),
        "{both}"
    );
}

#[tokio::test]
async fn hostile_keywords_are_words() {
    let sandbox = small().await;
    for keywords in [
        "\" OR *",
        "*",
        "name:x",
        "NEAR(a b)",
        "-",
        "(",
        "\u{0}",
        "'; DROP TABLE company; --",
        "^x",
        "\"\"",
        "{name}: x",
        "ﬀ\u{301}",
    ] {
        let found = data(&sandbox, SEARCH, json!({ "keywords": keywords })).await;
        assert!(
            found["searchCompanies"]["total"].as_i64().unwrap() < 100,
            "{keywords}: {found}"
        );
    }
    assert!(
        data(&sandbox, SEARCH, json!({ "keywords": "software" })).await["searchCompanies"]["total"]
            .as_i64()
            .unwrap()
            > 0
    );
}

#[tokio::test]
async fn the_rest_of_the_filter_narrows_and_sorts() {
    let sandbox = small().await;
    let document = "query($f: CompanyFilterInput!) { searchCompanies(filter: $f, limit: 100) { items { industry employees founded score city } } }";
    let filter =
        json!({ "keywords": "SaaS", "industries": ["FINANCE", "SOFTWARE"], "minScore": 0.5, "sort": "EMPLOYEES" });
    let items = data(&sandbox, document, json!({ "f": filter })).await["searchCompanies"]["items"].clone();
    let items = items.as_array().unwrap();
    assert!(items.len() > 3);
    assert!(items.iter().all(
        |item| ["FINANCE", "SOFTWARE"].contains(&item["industry"].as_str().unwrap())
            && item["score"].as_f64().unwrap() >= 0.5
    ));
    let employees: Vec<_> = items
        .iter()
        .map(|item| item["employees"].as_i64().unwrap_or(-1))
        .collect();
    assert!(employees.is_sorted_by(|more, fewer| more >= fewer), "{employees:?}");
    let filter = json!({ "keywords": "software", "location": { "city": "berlin" }, "sort": "FOUNDED" });
    let items = data(&sandbox, document, json!({ "f": filter })).await["searchCompanies"]["items"].clone();
    let founded: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["founded"].as_str().unwrap_or_default())
        .collect();
    assert!(
        founded.len() > 1 && founded.is_sorted_by(|newer, older| newer >= older),
        "{founded:?}"
    );
}

#[tokio::test]
async fn pages_join_up_and_the_third_is_empty_without_being_the_last() {
    let sandbox = small().await;
    let all = each(
        &data(&sandbox, SEARCH, json!({ "keywords": "software", "limit": 100 })).await["searchCompanies"]["items"],
        "id",
    );
    let (mut ids, mut sizes, mut token) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let page = data(
            &sandbox,
            SEARCH,
            json!({ "keywords": "software", "limit": 10, "nextToken": token }),
        )
        .await["searchCompanies"]
            .clone();
        let page_ids = each(&page["items"], "id");
        sizes.push(page_ids.len());
        ids.extend(page_ids);
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert!(ids.len() > 100 && ids.starts_with(&all));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(sizes.len() > 3, "{sizes:?}");
    assert_eq!(&sizes[..4], &[10, 10, 0, 10]);
}

#[tokio::test]
async fn collections_have_an_empty_page_too() {
    let sandbox = small().await;
    let document = "query($t: String) { listCollections(limit: 1, nextToken: $t) { items { id name owner itemCount description } nextToken } }";
    let (mut pages, mut token) = (Vec::new(), Value::Null);
    loop {
        let page = data(&sandbox, document, json!({ "t": token })).await["listCollections"].clone();
        pages.push(each(&page["items"], "id").join(" "));
        assert!(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|item| item["owner"] == "user-1")
        );
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(pages, ["col-5", "col-3", "", "col-2", "col-1"]);
}

#[tokio::test]
async fn a_token_of_another_listing_is_refused() {
    let sandbox = small().await;
    let token =
        data(&sandbox, SEARCH, json!({ "keywords": "software", "limit": 5 })).await["searchCompanies"]["nextToken"]
            .clone();
    assert!(token.is_string());
    for (keywords, token) in [
        ("saas", token.clone()),
        ("software", json!("garbage")),
        ("software", json!("")),
    ] {
        let body = send(&sandbox, SEARCH, json!({ "keywords": keywords, "nextToken": token })).await;
        assert_eq!(only_error(&body)["errorType"], "DynamoDB:UserIllegalArgumentException");
        assert_eq!(only_error(&body)["message"], "Invalid pagination token given.");
        assert_eq!(body["data"], json!({ "searchCompanies": null }));
    }
    let body = send(
        &sandbox,
        "query($t: String) { listCollections(nextToken: $t) { nextToken } }",
        json!({ "t": token }),
    )
    .await;
    assert_eq!(only_error(&body)["errorType"], "DynamoDB:UserIllegalArgumentException");
}

#[tokio::test]
async fn a_limit_beyond_the_most_is_refused() {
    let sandbox = small().await;
    for limit in [0, -1, 101] {
        let body = send(&sandbox, SEARCH, json!({ "keywords": "software", "limit": limit })).await;
        assert_eq!(only_error(&body)["errorType"], "BadRequest", "{limit}");
    }
}

#[tokio::test]
async fn a_company_has_a_whole_profile() {
    let sandbox = small().await;
    let document = r#"{ getCompany(id: "c-00042") {
      id name legalName registrationId country city seat: address { street postalCode city region country location { latitude longitude } }
      industry industryCodes { scheme code label } employees employeeRange revenue { amount currency year } founded website emails(limit: 1)
      phone technologies socialLinks { network url } description score crawl crawledAt serverAddress fax createdAt updatedAt
      decisionMakers: contacts(limit: 5) { items { id name role seniority email phone updatedAt company { id } } nextToken }
      fundingRounds { items { id series raised { amount currency } announced investors } nextToken }
      parent { ... on Record { __typename id name } }
    } }"#;
    let company = data(&sandbox, document, json!({})).await["getCompany"].clone();
    assert_eq!(company["id"], "c-00042");
    assert!(company["emails"].as_array().unwrap().len() <= 1);
    assert!(
        serde_json::from_str::<Value>(company["crawl"].as_str().unwrap())
            .unwrap()
            .is_object()
    );
    assert!(company["crawledAt"].is_i64());
    for contact in company["decisionMakers"]["items"].as_array().unwrap() {
        assert_eq!(contact["company"]["id"], "c-00042");
    }
    assert_eq!(
        data(&sandbox, r#"{ getCompany(id: "c-99999") { id } }"#, json!({})).await,
        json!({ "getCompany": null })
    );
}

#[tokio::test]
async fn somewhere_there_are_parents_and_rounds_and_contacts_without_emails() {
    let sandbox = small().await;
    let ids: Vec<_> = (1..=50).map(|number| format!("c-{number:05}")).collect();
    let document = "query($ids: [ID!]!) { getCompanies(ids: $ids) { id parent { id } fundingRounds { items { id } } contacts { items { email } } } }";
    let companies = data(&sandbox, document, json!({ "ids": ids })).await["getCompanies"].clone();
    let companies = companies.as_array().unwrap();
    assert!(companies.iter().any(|company| company["parent"]["id"].is_string()));
    assert!(
        companies
            .iter()
            .any(|company| company["fundingRounds"]["items"].as_array().unwrap().len() > 1)
    );
    let emails: BTreeSet<_> = companies
        .iter()
        .flat_map(|company| company["contacts"]["items"].as_array().unwrap())
        .map(|contact| contact["email"].is_null())
        .collect();
    assert_eq!(emails.len(), 2, "some have been found, some have not");
}

#[tokio::test]
async fn companies_come_in_the_order_of_their_ids_with_nulls_between() {
    let sandbox = small().await;
    let document = "query($ids: [ID!]!) { getCompanies(ids: $ids) { id } }";
    let ids = json!(["c-00003", "nope", "c-00001", "c-00003"]);
    let companies = data(&sandbox, document, json!({ "ids": ids })).await;
    assert_eq!(
        companies["getCompanies"],
        json!([{ "id": "c-00003" }, null, { "id": "c-00001" }, { "id": "c-00003" }])
    );
    let ids: Vec<_> = (1..=51).map(|number| format!("c-{number:05}")).collect();
    assert_eq!(
        only_error(&send(&sandbox, document, json!({ "ids": ids })).await)["errorType"],
        "BadRequest"
    );
}

#[tokio::test]
async fn a_record_is_of_any_type() {
    let sandbox = small().await;
    let contact = (1..=50).map(|number| format!("p-{number:05}-1"));
    let document = "query($id: ID!) { getRecord(id: $id) { __typename id name ... on Company { country } ... on Collection { itemCount } } }";
    for (id, type_name) in [("c-00001", "Company"), ("col-1", "Collection")] {
        let record = data(&sandbox, document, json!({ "id": id })).await["getRecord"].clone();
        assert_eq!((&record["__typename"], &record["id"]), (&json!(type_name), &json!(id)));
    }
    let mut types = BTreeSet::new();
    for id in contact {
        types.insert(data(&sandbox, document, json!({ "id": id })).await["getRecord"]["__typename"].to_string());
    }
    assert_eq!(types.into_iter().collect::<Vec<_>>(), ["\"Contact\"", "null"]);
}

const AI_SEARCH: &str = "query($question: String!, $industries: [Industry!], $limit: Int! = 10) {
  aiSearch(input: { question: $question, industries: $industries, limit: $limit }) { interpretation hits {
    __typename
    ... on AiCompanyHit { score reason company { id industry city } }
    ... on AiContactHit { score reason contact { id employer: company { id } } }
    ... on AiCollectionHit { score collection { id } }
  } }
}";

#[tokio::test]
async fn ai_search_finds_all_that_it_can_find() {
    let sandbox = small().await;
    let question = "Which SaaS companies in Berlin are in a collection of prospects?";
    let answer = data(
        &sandbox,
        AI_SEARCH,
        json!({ "question": question, "industries": ["SOFTWARE"] }),
    )
    .await["aiSearch"]
        .clone();
    let hits = answer["hits"].as_array().unwrap();
    let types: BTreeSet<_> = hits.iter().map(|hit| hit["__typename"].as_str().unwrap()).collect();
    assert_eq!(
        types.into_iter().collect::<Vec<_>>(),
        ["AiCollectionHit", "AiCompanyHit", "AiContactHit"]
    );
    assert_eq!(hits.len(), 10);
    let scores: Vec<_> = hits.iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|better, worse| better > worse), "{scores:?}");
    assert!(
        hits.iter()
            .filter(|hit| hit["__typename"] == "AiCompanyHit")
            .all(|hit| hit["company"]["industry"] == "SOFTWARE")
    );
    assert_eq!(
        answer["interpretation"],
        "Companies whose profiles mention saas or berlin or collection or prospects, within SOFTWARE."
    );
    assert_eq!(
        data(
            &sandbox,
            AI_SEARCH,
            json!({ "question": question, "industries": ["SOFTWARE"] })
        )
        .await["aiSearch"],
        answer
    );
}

#[tokio::test]
async fn ai_search_refuses_an_api_key_what_is_selected_of_people() {
    let sandbox = small().await;
    let credential = ("x-api-key", sandbox.api_key());
    let variables = json!({ "question": "software in Berlin", "limit": 5 });
    let body = send_as(&sandbox, credential, AI_SEARCH, variables.clone()).await;
    let error = only_error(&body);
    assert_eq!(error["message"], "Not Authorized to access score on type AiContactHit");
    assert_eq!(body["data"], json!({ "aiSearch": null }));

    let companies = "query($question: String!, $limit: Int) { aiSearch(input: { question: $question, limit: $limit }) { hits { __typename ... on AiCompanyHit { score } } } }";
    let body = send_as(&sandbox, credential, companies, variables).await;
    assert_eq!(body.get("errors"), None, "{body}");
    let types = each(&body["data"]["aiSearch"]["hits"], "__typename");
    assert_eq!(
        types.iter().filter(|name| **name == "AiCompanyHit").count(),
        4,
        "{types:?}"
    );
    assert_eq!(types[2], "AiContactHit");
}

#[tokio::test]
async fn a_collections_items_come_in_their_order() {
    let sandbox = small().await;
    let document = r#"query($t: String) { listCollectionItems(collectionId: "col-1", limit: 12, nextToken: $t) { items { addedAt note company { id } } nextToken } }"#;
    let first = data(&sandbox, document, json!({})).await["listCollectionItems"].clone();
    let ids: Vec<_> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["company"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, (1..=12).map(|number| format!("c-{number:05}")).collect::<Vec<_>>());
    let second = data(&sandbox, document, json!({ "t": first["nextToken"] })).await["listCollectionItems"].clone();
    assert_eq!(second["items"][0]["company"]["id"], "c-00013");
    let unknown = send(
        &sandbox,
        r#"{ listCollectionItems(collectionId: "col-99") { nextToken } }"#,
        json!({}),
    )
    .await;
    assert_eq!(only_error(&unknown)["errorType"], "CollectionNotFound");
    assert_eq!(
        data(&sandbox, r#"{ getCollection(id: "col-1") { itemCount } }"#, json!({})).await["getCollection"]["itemCount"],
        30
    );
}

#[tokio::test]
async fn the_same_seed_is_the_same_data() {
    let document = r#"{ searchCompanies(filter: { keywords: "software" }, limit: 100) { items { id name phone emails score updatedAt contacts { items { name } } } total } }"#;
    let of = async |seed| {
        data(
            &start(Config {
                companies: 300,
                seed,
                ..Config::default()
            })
            .await,
            document,
            json!({}),
        )
        .await
        .to_string()
    };
    let (first, again, other) = (of(7).await, of(7).await, of(8).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn skip_and_include_and_aliases_are_understood() {
    let sandbox = small().await;
    let document = r#"query($yes: Boolean!) { getCompany(id: "c-00001") { a: id name @skip(if: $yes) ... @include(if: $yes) { b: id } ...F } } fragment F on Record { a: id }"#;
    let company = data(&sandbox, document, json!({ "yes": true })).await;
    assert_eq!(company["getCompany"], json!({ "a": "c-00001", "b": "c-00001" }));
}
