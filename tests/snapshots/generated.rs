// Generated from `schema/` and `operations/`. Do not edit.

#[allow(unused_imports)]
use ::appsync_mcp::{
    __private::{schemars, serde},
    tool as contract,
};
/// The part of the API's schema that the tools use, as cynic sees it.
#[cynic::schema("appsync")]
pub mod schema {}
/// All that the build knows of the API.
pub static CONTRACT: contract::Contract = contract::Contract {
    api: "company-intelligence",
    digest: "sha256:f7ed494a8f520a5068edd54445cfab3c785b1799f90ac78079a0e4c4373f54b7",
    tools: &[
        contract::Tool::Read(contract::ReadTool::of::<ai_search::AiSearch>()),
        contract::Tool::Read(
            contract::ReadTool::of::<get_collection_items::GetCollectionItems>(),
        ),
        contract::Tool::Read(
            contract::ReadTool::of::<get_companies_batch::GetCompaniesBatch>(),
        ),
        contract::Tool::Read(contract::ReadTool::of::<get_company::GetCompany>()),
        contract::Tool::Read(
            contract::ReadTool::of::<list_collections::ListCollections>(),
        ),
        contract::Tool::Read(
            contract::ReadTool::of::<search_companies::SearchCompanies>(),
        ),
        contract::Tool::Write(
            contract::WriteTool::of::<add_to_collection::AddToCollection>(),
        ),
        contract::Tool::Write(
            contract::WriteTool::of::<create_collection::CreateCollection>(),
        ),
        contract::Tool::Write(
            contract::WriteTool::of::<request_email_discovery::RequestEmailDiscovery>(),
        ),
    ],
    prompts: &[
        contract::Prompt {
            name: "build_collection",
            title: "Build a collection",
            description: "Collects companies that fit a description into a new collection.",
            arguments: &[
                contract::PromptArgument {
                    name: "name",
                    description: "The collection's name.",
                    required: true,
                },
                contract::PromptArgument {
                    name: "wanted",
                    description: "What kind of company belongs in it, in your own words.",
                    required: true,
                },
            ],
            body: &[
                contract::Piece::Text("Build a collection named \""),
                contract::Piece::Argument("name"),
                contract::Piece::Text("\" of companies that fit this description: "),
                contract::Piece::Argument("wanted"),
                contract::Piece::Text("\n\n1. Call "),
                contract::Piece::Tool("list_collections"),
                contract::Piece::Text(
                    " first. If there is a collection of that name, ask whether to add to it.\n2. Find companies with ",
                ),
                contract::Piece::Tool("search_companies"),
                contract::Piece::Text(
                    "; follow `nextToken` until you have enough or there are no more.\n3. Show the list and ask whether to go on. Nothing has been written until then.\n4. Make the collection with ",
                ),
                contract::Piece::Tool("create_collection"),
                contract::Piece::Text(", then put the companies into it with "),
                contract::Piece::Tool("add_to_collection"),
                contract::Piece::Text(", at most 50 ids a call in `"),
                contract::Piece::Text("companyIds"),
                contract::Piece::Text("`.\n5. Check what is in it with "),
                contract::Piece::Tool("get_collection_items"),
                contract::Piece::Text(
                    " and report how many were added, were already there, or were unknown.",
                ),
            ],
        },
        contract::Prompt {
            name: "find_companies",
            title: "Find companies",
            description: "Finds companies that fit a description, and says why each of them fits.",
            arguments: &[
                contract::PromptArgument {
                    name: "wanted",
                    description: "What kind of company you look for, in your own words.",
                    required: true,
                },
                contract::PromptArgument {
                    name: "country",
                    description: "Country, as a code or an English name.",
                    required: false,
                },
            ],
            body: &[
                contract::Piece::Text("Find companies that fit this description: "),
                contract::Piece::Argument("wanted"),
                contract::Piece::Text("\n"),
                contract::Piece::Line {
                    argument: "country",
                    pieces: &[
                        contract::Piece::Text("They are in this country: "),
                        contract::Piece::Argument("country"),
                        contract::Piece::Text("\n"),
                    ],
                },
                contract::Piece::Text("\n1. Choose two or three keywords and call "),
                contract::Piece::Tool("search_companies"),
                contract::Piece::Text(". Narrow it with `"),
                contract::Piece::Text("country"),
                contract::Piece::Text("`, `"),
                contract::Piece::Text("employeesMin"),
                contract::Piece::Text("` and `"),
                contract::Piece::Text("employeesMax"),
                contract::Piece::Text(
                    "` where the description says so.\n2. If keywords don't catch it, put the question to ",
                ),
                contract::Piece::Tool("ai_search"),
                contract::Piece::Text(
                    " instead; it may be called five times a minute.\n3. Read the whole profile of the most promising ones with ",
                ),
                contract::Piece::Tool("get_company"),
                contract::Piece::Text(
                    ".\n4. Show a table with name, country, employees and website, and a sentence for each on why it fits. Say what you could not find out.",
                ),
            ],
        },
    ],
    errors: ::appsync_mcp::ErrorTypes {
        not_found: &["NotFound", "CollectionNotFound"],
        conflict: &["Conflict", "DuplicateName"],
        throttled: &["TooManyRequests"],
        stale_token: &[],
        showable: &[
            "NotFound",
            "CollectionNotFound",
            "Conflict",
            "DuplicateName",
            "BadRequest",
            "InsufficientCredits",
        ],
        not_carried_out: &[
            "NotFound",
            "CollectionNotFound",
            "DuplicateName",
            "BadRequest",
            "InsufficientCredits",
        ],
    },
};
/// GraphQL's scalar `AWSDate`.
///
/// A date such as `2026-01-31`, with an optional time zone.
#[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
#[cynic(graphql_type = "AWSDate")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub struct AWSDate(pub String);
/// GraphQL's scalar `AWSDateTime`.
///
/// A moment such as `2026-01-31T13:45:00.000Z`. The time zone is required, the seconds are not.
#[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
#[cynic(graphql_type = "AWSDateTime")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub struct AWSDateTime(pub String);
/// GraphQL's scalar `AWSEmail`.
///
/// An e-mail address.
#[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
#[cynic(graphql_type = "AWSEmail")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub struct AWSEmail(pub String);
/// GraphQL's scalar `AWSPhone`.
///
/// A phone number.
#[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
#[cynic(graphql_type = "AWSPhone")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub struct AWSPhone(pub String);
/// GraphQL's scalar `AWSURL`.
///
/// A URL.
#[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
#[cynic(graphql_type = "AWSURL")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub struct AWSURL(pub String);
/// GraphQL's scalar `ID`.
///
/// The `ID` scalar type represents a unique identifier, often used to refetch an object or as key for a cache. The ID type appears in a JSON response as a String; however, it is not intended to be human-readable. When expected as an input type, any string (such as `"4"`) or integer (such as `4`) input value will be accepted as an ID.
#[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
#[cynic(graphql_type = "ID")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub struct ID(pub String);
/// How far a search for e-mails is.
///
/// Known values:
/// - `COMPLETED`: Done.
/// - `FAILED`: Given up.
/// - `QUEUED`: Accepted, not begun.
/// - `RUNNING`: Under way.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct DiscoveryStatus(
    #[serde(
        deserialize_with = "::appsync_mcp::__private::enum_value::<DiscoveryStatus, _>"
    )]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for DiscoveryStatus {
    const NAME: &'static str = "DiscoveryStatus";
    const VALUES: &'static [&'static str] = &[
        "COMPLETED",
        "FAILED",
        "QUEUED",
        "RUNNING",
    ];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for DiscoveryStatus {
    type SchemaType = schema::DiscoveryStatus;
}
/// Size classes by number of employees.
///
/// Known values:
/// - `ENTERPRISE`: 1,000 and more.
/// - `LARGE`: 250 to 999.
/// - `MEDIUM`: 50 to 249.
/// - `MICRO`: 1 to 9.
/// - `SMALL`: 10 to 49.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct EmployeeRange(
    #[serde(
        deserialize_with = "::appsync_mcp::__private::enum_value::<EmployeeRange, _>"
    )]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for EmployeeRange {
    const NAME: &'static str = "EmployeeRange";
    const VALUES: &'static [&'static str] = &[
        "ENTERPRISE",
        "LARGE",
        "MEDIUM",
        "MICRO",
        "SMALL",
    ];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for EmployeeRange {
    type SchemaType = schema::EmployeeRange;
}
/// Kinds of funding rounds.
///
/// Known values:
/// - `A`: Series A.
/// - `B`: Series B.
/// - `C`: Series C.
/// - `GRANT`: Money that is not for shares.
/// - `LATER`: Series D and later.
/// - `PRE_SEED`: Before the seed round.
/// - `SEED`: Seed.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct FundingSeries(
    #[serde(
        deserialize_with = "::appsync_mcp::__private::enum_value::<FundingSeries, _>"
    )]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for FundingSeries {
    const NAME: &'static str = "FundingSeries";
    const VALUES: &'static [&'static str] = &[
        "A",
        "B",
        "C",
        "GRANT",
        "LATER",
        "PRE_SEED",
        "SEED",
    ];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for FundingSeries {
    type SchemaType = schema::FundingSeries;
}
/// Lines of business.
///
/// Known values:
/// - `AGRICULTURE`: Farming, forestry and fishing.
/// - `CONSTRUCTION`: Building and civil engineering.
/// - `EDUCATION`: Schools, universities and training.
/// - `ENERGY`: Electricity, gas and renewable sources.
/// - `FINANCE`: Banking, insurance and payments.
/// - `HEALTHCARE`: Medicine, care and biotechnology.
/// - `HOSPITALITY`: Hotels, restaurants and travel.
/// - `LOGISTICS`: Transport and storage.
/// - `MANUFACTURING`: Making of goods.
/// - `MEDIA`: Publishing, film, music and advertising.
/// - `PROFESSIONAL_SERVICES`: Law, accounting, consulting and the like.
/// - `RETAIL`: Wholesale and retail trade.
/// - `SOFTWARE`: Software and IT services.
/// - `TELECOMMUNICATIONS`: Phone and network operators.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct Industry(
    #[serde(deserialize_with = "::appsync_mcp::__private::enum_value::<Industry, _>")]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for Industry {
    const NAME: &'static str = "Industry";
    const VALUES: &'static [&'static str] = &[
        "AGRICULTURE",
        "CONSTRUCTION",
        "EDUCATION",
        "ENERGY",
        "FINANCE",
        "HEALTHCARE",
        "HOSPITALITY",
        "LOGISTICS",
        "MANUFACTURING",
        "MEDIA",
        "PROFESSIONAL_SERVICES",
        "RETAIL",
        "SOFTWARE",
        "TELECOMMUNICATIONS",
    ];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for Industry {
    type SchemaType = schema::Industry;
}
/// Classifications of economic activities.
///
/// Known values:
/// - `NACE`: The European Union's classification, revision 2.
/// - `NAICS`: The North American classification.
/// - `SIC`: The older classification of the United States.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct IndustryScheme(
    #[serde(
        deserialize_with = "::appsync_mcp::__private::enum_value::<IndustryScheme, _>"
    )]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for IndustryScheme {
    const NAME: &'static str = "IndustryScheme";
    const VALUES: &'static [&'static str] = &["NACE", "NAICS", "SIC"];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for IndustryScheme {
    type SchemaType = schema::IndustryScheme;
}
/// Levels of people in a company.
///
/// Known values:
/// - `DIRECTOR`: Heads of departments.
/// - `EXECUTIVE`: Chief officers.
/// - `MANAGER`: Managers of teams.
/// - `OWNER`: Owners and founders.
/// - `STAFF`: Everybody else.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct Seniority(
    #[serde(deserialize_with = "::appsync_mcp::__private::enum_value::<Seniority, _>")]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for Seniority {
    const NAME: &'static str = "Seniority";
    const VALUES: &'static [&'static str] = &[
        "DIRECTOR",
        "EXECUTIVE",
        "MANAGER",
        "OWNER",
        "STAFF",
    ];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for Seniority {
    type SchemaType = schema::Seniority;
}
/// Social networks.
///
/// Known values:
/// - `FACEBOOK`: Facebook.
/// - `GITHUB`: GitHub.
/// - `LINKEDIN`: LinkedIn.
/// - `TWITTER`: Twitter.
/// - `X`: X, once Twitter.
/// - `YOUTUBE`: YouTube.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct SocialNetwork(
    #[serde(
        deserialize_with = "::appsync_mcp::__private::enum_value::<SocialNetwork, _>"
    )]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for SocialNetwork {
    const NAME: &'static str = "SocialNetwork";
    const VALUES: &'static [&'static str] = &[
        "FACEBOOK",
        "GITHUB",
        "LINKEDIN",
        "TWITTER",
        "X",
        "YOUTUBE",
    ];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for SocialNetwork {
    type SchemaType = schema::SocialNetwork;
}
/// Who may see a collection.
///
/// Known values:
/// - `PRIVATE`: Its owner.
/// - `TEAM`: Everybody in its owner's organisation.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(crate = "::appsync_mcp::__private::serde", transparent)]
pub struct Visibility(
    #[serde(deserialize_with = "::appsync_mcp::__private::enum_value::<Visibility, _>")]
    pub String,
);
impl ::appsync_mcp::__private::OutputEnum for Visibility {
    const NAME: &'static str = "Visibility";
    const VALUES: &'static [&'static str] = &["PRIVATE", "TEAM"];
    const IS_PERSONAL: bool = false;
}
impl cynic::Enum for Visibility {
    type SchemaType = schema::Visibility;
}
/// Lines of business.
#[derive(Debug, Clone, Copy, cynic::Enum, schemars::JsonSchema)]
#[cynic(graphql_type = "Industry")]
#[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
pub enum IndustryInput {
    /// Farming, forestry and fishing.
    #[cynic(rename = "AGRICULTURE")]
    #[schemars(rename = "AGRICULTURE")]
    Agriculture,
    /// Building and civil engineering.
    #[cynic(rename = "CONSTRUCTION")]
    #[schemars(rename = "CONSTRUCTION")]
    Construction,
    /// Schools, universities and training.
    #[cynic(rename = "EDUCATION")]
    #[schemars(rename = "EDUCATION")]
    Education,
    /// Electricity, gas and renewable sources.
    #[cynic(rename = "ENERGY")]
    #[schemars(rename = "ENERGY")]
    Energy,
    /// Banking, insurance and payments.
    #[cynic(rename = "FINANCE")]
    #[schemars(rename = "FINANCE")]
    Finance,
    /// Medicine, care and biotechnology.
    #[cynic(rename = "HEALTHCARE")]
    #[schemars(rename = "HEALTHCARE")]
    Healthcare,
    /// Hotels, restaurants and travel.
    #[cynic(rename = "HOSPITALITY")]
    #[schemars(rename = "HOSPITALITY")]
    Hospitality,
    /// Transport and storage.
    #[cynic(rename = "LOGISTICS")]
    #[schemars(rename = "LOGISTICS")]
    Logistics,
    /// Making of goods.
    #[cynic(rename = "MANUFACTURING")]
    #[schemars(rename = "MANUFACTURING")]
    Manufacturing,
    /// Publishing, film, music and advertising.
    #[cynic(rename = "MEDIA")]
    #[schemars(rename = "MEDIA")]
    Media,
    /// Law, accounting, consulting and the like.
    #[cynic(rename = "PROFESSIONAL_SERVICES")]
    #[schemars(rename = "PROFESSIONAL_SERVICES")]
    ProfessionalServices,
    /// Wholesale and retail trade.
    #[cynic(rename = "RETAIL")]
    #[schemars(rename = "RETAIL")]
    Retail,
    /// Software and IT services.
    #[cynic(rename = "SOFTWARE")]
    #[schemars(rename = "SOFTWARE")]
    Software,
    /// Phone and network operators.
    #[cynic(rename = "TELECOMMUNICATIONS")]
    #[schemars(rename = "TELECOMMUNICATIONS")]
    Telecommunications,
}
/// The values of `Industry`.
#[allow(non_upper_case_globals)]
static VALUES_OF_Industry: [&str; 14usize] = [
    "AGRICULTURE",
    "CONSTRUCTION",
    "EDUCATION",
    "ENERGY",
    "FINANCE",
    "HEALTHCARE",
    "HOSPITALITY",
    "LOGISTICS",
    "MANUFACTURING",
    "MEDIA",
    "PROFESSIONAL_SERVICES",
    "RETAIL",
    "SOFTWARE",
    "TELECOMMUNICATIONS",
];
/// Generated from `operations/read/ai_search.graphql`.
///
/// Search with a question in plain language when keywords are not enough. Finds companies, people and collections, best first. Slow; five calls a minute.
#[allow(unused_imports, unused_qualifications)]
pub mod ai_search {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// In plain language.
        pub question: String,
        /// Lines of business to stay within.
        #[cynic(skip_serializing_if = "Option::is_none")]
        #[serde(default)]
        pub industries: Option<Vec<IndustryInput>>,
        /// How many to return.
        pub limit: i32,
    }
    /// What the query answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Query", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct AiSearch {
        /// Answers a question in plain language.
        #[arguments(input:{question:$question, industries:$industries, limit:$limit})]
        #[cynic(rename = "aiSearch")]
        #[serde(
            rename = "aiSearch",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub ai_search: Option<AiSearchResult>,
    }
    ::appsync_mcp::object!(AiSearch);
    /// An AI search's answer.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "AiSearchResult", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct AiSearchResult {
        /// How the platform understood the question.
        pub interpretation: String,
        /// What was found, best first.
        pub hits: Vec<AiHit>,
    }
    ::appsync_mcp::object!(AiSearchResult);
    /// What an AI search can find.
    #[derive(Debug, cynic::InlineFragments, serde::Serialize)]
    #[cynic(graphql_type = "AiHit", variables = "Variables")]
    #[serde(crate = "::appsync_mcp::__private::serde", tag = "__typename")]
    pub enum AiHit {
        /// A company that an AI search found, and why.
        #[serde(rename = "AiCompanyHit")]
        AiCompanyHit(AiCompanyHit),
        /// A person that an AI search found, and why.
        #[serde(rename = "AiContactHit")]
        AiContactHit(AiContactHit),
        /// Any other type: its name.
        #[cynic(fallback)]
        #[serde(untagged, serialize_with = "::appsync_mcp::__private::typename")]
        Other(String),
    }
    /// A company that an AI search found, and why.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "AiCompanyHit", variables = "Variables", no_deserialize)]
    #[serde(crate = "::appsync_mcp::__private::serde", remote = "Self")]
    pub struct AiCompanyHit {
        /// How well it fits, from 0 to 1.
        pub score: f64,
        /// Why it was found, in a sentence.
        pub reason: String,
        /// The company.
        pub company: Company,
    }
    ::appsync_mcp::object!(AiCompanyHit);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(crate = "::appsync_mcp::__private::serde", remote = "Self")]
    pub struct Company {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
        /// Of the registered seat, as ISO 3166-1 alpha-2.
        pub country: String,
        /// Of the registered seat.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub city: Option<String>,
        /// The main line of business.
        pub industry: Industry,
        /// By the newest count.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub employees: Option<i32>,
        /// Size class by `employees`.
        #[cynic(rename = "employeeRange")]
        #[serde(rename = "employeeRange")]
        pub employee_range: EmployeeRange,
        /// The company's website.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub website: Option<AWSURL>,
    }
    ::appsync_mcp::object!(Company);
    /// A person that an AI search found, and why.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "AiContactHit", variables = "Variables", no_deserialize)]
    #[serde(crate = "::appsync_mcp::__private::serde", remote = "Self")]
    pub struct AiContactHit {
        /// How well it fits, from 0 to 1.
        pub score: f64,
        /// Why it was found, in a sentence.
        pub reason: String,
        /// The person.
        pub contact: Contact,
    }
    ::appsync_mcp::object!(AiContactHit);
    /// A person who works at a company and whose details are public.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Contact", variables = "Variables", no_deserialize)]
    #[serde(crate = "::appsync_mcp::__private::serde", remote = "Self")]
    pub struct Contact {
        /// The contact's id.
        pub id: ID,
        /// The person's name.
        pub name: String,
        /// What the person does there.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub role: Option<String>,
        /// The company that the person works at.
        #[cynic(rename = "company", alias)]
        pub employer: Company2,
    }
    ::appsync_mcp::object!(Contact);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(crate = "::appsync_mcp::__private::serde", remote = "Self")]
    pub struct Company2 {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
    }
    ::appsync_mcp::object!(Company2);
    impl contract::Operation for AiSearch {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "ai_search",
        title: "Ask the AI search",
        description: "Search with a question in plain language when keywords are not enough. Finds companies, people and collections, best first. Slow; five calls a minute.",
        kind: contract::Kind::Read,
        open_world: true,
        operation_name: "AiSearch",
        document: &[
            contract::Segment {
                any: &[],
                text: "query AiSearch($question: String!",
            },
            contract::Segment {
                any: &["industries"],
                text: " $industries: [Industry!]",
            },
            contract::Segment {
                any: &[],
                text: " $limit: Int! = 10) {\n  aiSearch(input: {question: $question",
            },
            contract::Segment {
                any: &["industries"],
                text: " industries: $industries",
            },
            contract::Segment {
                any: &[],
                text: " limit: $limit}) {\n    interpretation\n    hits {\n      __typename\n      ... on AiCompanyHit {\n        score\n        reason\n        company {\n          ...CompanySummary\n        }\n      }\n      ... on AiContactHit {\n        score\n        reason\n        contact {\n          id\n          name\n          role\n          employer: company {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n}\n\nfragment CompanySummary on Company {\n  id\n  name\n  country\n  city\n  industry\n  employees\n  employeeRange\n  website\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "question",
                description: "In plain language.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[contract::Normalize::Trim],
                        length_min: 5,
                        length_max: 1000,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some(
                    "\"Which software companies in Berlin have recently raised money?\"",
                ),
            },
            contract::Argument {
                name: "industries",
                description: "Lines of business to stay within.",
                value: contract::Position {
                    input: contract::Input::List {
                        item: &contract::Position {
                            input: contract::Input::Enum {
                                name: "Industry",
                                values: &VALUES_OF_Industry,
                            },
                            nullable: false,
                        },
                        items_min: 0,
                        items_max: 5,
                        unique: true,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: Some("[\"SOFTWARE\"]"),
            },
            contract::Argument {
                name: "limit",
                description: "How many to return.",
                value: contract::Position {
                    input: contract::Input::Integer {
                        min: 1,
                        max: 25,
                        excess: contract::Excess::Clamp,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Default("10"),
                example: None,
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"question\":{\"type\":\"string\",\"description\":\"In plain language. From 5 to 1000 characters.\"},\"industries\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"AGRICULTURE\",\"CONSTRUCTION\",\"EDUCATION\",\"ENERGY\",\"FINANCE\",\"HEALTHCARE\",\"HOSPITALITY\",\"LOGISTICS\",\"MANUFACTURING\",\"MEDIA\",\"PROFESSIONAL_SERVICES\",\"RETAIL\",\"SOFTWARE\",\"TELECOMMUNICATIONS\"]},\"description\":\"Lines of business to stay within. At most 5 items.\"},\"limit\":{\"type\":\"integer\",\"description\":\"How many to return. From 1 to 25.\",\"default\":10}},\"required\":[\"question\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"interpretation\":{\"type\":\"string\",\"description\":\"How the platform understood the question.\"},\"hits\":{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"__typename\":{\"type\":\"string\",\"const\":\"AiCompanyHit\"},\"score\":{\"type\":\"number\",\"description\":\"How well it fits, from 0 to 1.\"},\"reason\":{\"type\":\"string\",\"description\":\"Why it was found, in a sentence.\"},\"company\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"},\"country\":{\"type\":\"string\",\"description\":\"Of the registered seat, as ISO 3166-1 alpha-2.\"},\"city\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Of the registered seat.\"},\"industry\":{\"type\":\"string\",\"description\":\"The main line of business. Known values: see `industries`.\"},\"employees\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"By the newest count.\"},\"employeeRange\":{\"type\":\"string\",\"description\":\"Size class by `employees`. Known values: ENTERPRISE, LARGE, MEDIUM, MICRO, SMALL.\"},\"website\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}}}}},{\"type\":\"object\",\"properties\":{\"__typename\":{\"type\":\"string\",\"const\":\"AiContactHit\"},\"score\":{\"type\":\"number\",\"description\":\"How well it fits, from 0 to 1.\"},\"reason\":{\"type\":\"string\",\"description\":\"Why it was found, in a sentence.\"},\"contact\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"The person's name.\"},\"role\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"What the person does there.\"},\"employer\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"}},\"description\":\"The company that the person works at.\"}},\"description\":\"The person.\"}}},{\"type\":\"object\",\"properties\":{\"__typename\":{\"type\":\"string\",\"not\":{\"enum\":[\"AiCompanyHit\",\"AiContactHit\"]}}}}]},\"maxItems\":25,\"description\":\"What was found, best first.\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "aiSearch",
        },
        lists: &[
            contract::ListBound {
                path: &["aiSearch", "hits"],
                max: contract::ListMax::Argument("limit"),
                inner_max: None,
                next_token: None,
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["companies:read"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "query",
                ty: "Query",
            },
            contract::Use::Fields {
                of: "AiCompanyHit",
                fields: &[
                    contract::UsedField::new("company", "Company!", &[]),
                    contract::UsedField::new("reason", "String!", &[]),
                    contract::UsedField::new("score", "Float!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "AiContactHit",
                fields: &[
                    contract::UsedField::new("contact", "Contact!", &[]),
                    contract::UsedField::new("reason", "String!", &[]),
                    contract::UsedField::new("score", "Float!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "AiHit",
                fields: &[],
            },
            contract::Use::Fields {
                of: "AiSearchResult",
                fields: &[
                    contract::UsedField::new("hits", "[AiHit!]!", &[]),
                    contract::UsedField::new("interpretation", "String!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Company",
                fields: &[
                    contract::UsedField::new("city", "String", &[]),
                    contract::UsedField::new("country", "String!", &[]),
                    contract::UsedField::new("employeeRange", "EmployeeRange!", &[]),
                    contract::UsedField::new("employees", "Int", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("industry", "Industry!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("website", "AWSURL", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Contact",
                fields: &[
                    contract::UsedField::new("company", "Company!", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("role", "String", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Query",
                fields: &[
                    contract::UsedField::new(
                        "aiSearch",
                        "AiSearchResult",
                        &[contract::Given::value("input", "AiSearchInput!")],
                    ),
                ],
            },
            contract::Use::Fragment {
                of: "AiHit",
                on: "AiCompanyHit",
            },
            contract::Use::Fragment {
                of: "AiHit",
                on: "AiContactHit",
            },
            contract::Use::Input(
                &contract::UsedInput {
                    name: "AiSearchInput",
                    fields: &[
                        contract::Given::variable("industries", "[Industry!]"),
                        contract::Given::variable("limit", "Int!"),
                        contract::Given::variable("question", "String!"),
                    ],
                },
            ),
            contract::Use::Values {
                of: "Industry",
                values: &VALUES_OF_Industry,
            },
        ],
        rate: Some(contract::Rate {
            calls: 5u32,
            per_seconds: 60u32,
        }),
        timeout_seconds: 30,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/read/get_collection_items.graphql`.
///
/// The companies in one of the caller's collections, in the order added, a page at a time.
#[allow(unused_imports, unused_qualifications)]
pub mod get_collection_items {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// As list_collections returns it.
        #[cynic(rename = "collectionId")]
        #[serde(rename = "collectionId")]
        pub collection_id: ID,
        /// How many to return.
        pub limit: i32,
        /// From the page before.
        #[cynic(rename = "nextToken", skip_serializing_if = "Option::is_none")]
        #[serde(rename = "nextToken", default)]
        pub next_token: Option<String>,
    }
    /// What the query answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Query", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct GetCollectionItems {
        /// The companies in one of the caller's collections, in the order in which they were put there.
        #[arguments(collectionId:$collection_id, limit:$limit, nextToken:$next_token)]
        #[cynic(rename = "listCollectionItems")]
        #[serde(
            rename = "listCollectionItems",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub list_collection_items: Option<CollectionItemConnection>,
    }
    ::appsync_mcp::object!(GetCollectionItems);
    /// A page of a collection's companies.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(
        graphql_type = "CollectionItemConnection",
        variables = "Variables",
        no_deserialize
    )]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct CollectionItemConnection {
        /// The companies.
        pub items: Vec<CollectionItem>,
        /// Null on the last page.
        #[cynic(rename = "nextToken")]
        #[serde(
            rename = "nextToken",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub next_token: Option<String>,
    }
    ::appsync_mcp::object!(CollectionItemConnection);
    /// A company in a collection.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "CollectionItem", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct CollectionItem {
        /// When it was added.
        #[cynic(rename = "addedAt")]
        #[serde(rename = "addedAt")]
        pub added_at: AWSDateTime,
        /// What its owner noted about it.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub note: Option<String>,
        /// The company.
        pub company: Company,
    }
    ::appsync_mcp::object!(CollectionItem);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Company {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
        /// Of the registered seat, as ISO 3166-1 alpha-2.
        pub country: String,
        /// Of the registered seat.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub city: Option<String>,
        /// The main line of business.
        pub industry: Industry,
        /// By the newest count.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub employees: Option<i32>,
        /// Size class by `employees`.
        #[cynic(rename = "employeeRange")]
        #[serde(rename = "employeeRange")]
        pub employee_range: EmployeeRange,
        /// The company's website.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub website: Option<AWSURL>,
    }
    ::appsync_mcp::object!(Company);
    impl contract::Operation for GetCollectionItems {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "get_collection_items",
        title: "Get a collection's companies",
        description: "The companies in one of the caller's collections, in the order added, a page at a time.",
        kind: contract::Kind::Read,
        open_world: true,
        operation_name: "GetCollectionItems",
        document: &[
            contract::Segment {
                any: &[],
                text: "query GetCollectionItems($collectionId: ID! $limit: Int! = 20",
            },
            contract::Segment {
                any: &["nextToken"],
                text: " $nextToken: String",
            },
            contract::Segment {
                any: &[],
                text: ") {\n  listCollectionItems(collectionId: $collectionId limit: $limit",
            },
            contract::Segment {
                any: &["nextToken"],
                text: " nextToken: $nextToken",
            },
            contract::Segment {
                any: &[],
                text: ") {\n    items {\n      addedAt\n      note\n      company {\n        ...CompanySummary\n      }\n    }\n    nextToken\n  }\n}\n\nfragment CompanySummary on Company {\n  id\n  name\n  country\n  city\n  industry\n  employees\n  employeeRange\n  website\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "collectionId",
                description: "As list_collections returns it.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "ID",
                        normalize: &[],
                        length_min: 1,
                        length_max: 64,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("\"col-1\""),
            },
            contract::Argument {
                name: "limit",
                description: "How many to return.",
                value: contract::Position {
                    input: contract::Input::Integer {
                        min: 1,
                        max: 100,
                        excess: contract::Excess::Clamp,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Default("20"),
                example: None,
            },
            contract::Argument {
                name: "nextToken",
                description: "From the page before.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[],
                        length_min: 0,
                        length_max: 1024,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: None,
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"collectionId\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64,\"description\":\"As list_collections returns it.\"},\"limit\":{\"type\":\"integer\",\"description\":\"How many to return. From 1 to 100.\",\"default\":20},\"nextToken\":{\"type\":\"string\",\"maxLength\":1024,\"description\":\"From the page before.\"}},\"required\":[\"collectionId\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"addedAt\":{\"type\":\"string\"},\"note\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"What its owner noted about it.\"},\"company\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"},\"country\":{\"type\":\"string\",\"description\":\"Of the registered seat, as ISO 3166-1 alpha-2.\"},\"city\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Of the registered seat.\"},\"industry\":{\"type\":\"string\",\"description\":\"The main line of business. Known values: AGRICULTURE, CONSTRUCTION, EDUCATION and 11 more.\"},\"employees\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"By the newest count.\"},\"employeeRange\":{\"type\":\"string\",\"description\":\"Size class by `employees`. Known values: ENTERPRISE, LARGE, MEDIUM, MICRO, SMALL.\"},\"website\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}}}}},\"maxItems\":100,\"description\":\"The companies.\"},\"nextToken\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Null on the last page.\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "listCollectionItems",
        },
        lists: &[
            contract::ListBound {
                path: &["listCollectionItems", "items"],
                max: contract::ListMax::Argument("limit"),
                inner_max: None,
                next_token: Some(contract::NextToken {
                    key: "nextToken",
                    nullable: true,
                }),
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["collections:read"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "query",
                ty: "Query",
            },
            contract::Use::Fields {
                of: "CollectionItem",
                fields: &[
                    contract::UsedField::new("addedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("company", "Company!", &[]),
                    contract::UsedField::new("note", "String", &[]),
                ],
            },
            contract::Use::Fields {
                of: "CollectionItemConnection",
                fields: &[
                    contract::UsedField::new("items", "[CollectionItem!]!", &[]),
                    contract::UsedField::new("nextToken", "String", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Company",
                fields: &[
                    contract::UsedField::new("city", "String", &[]),
                    contract::UsedField::new("country", "String!", &[]),
                    contract::UsedField::new("employeeRange", "EmployeeRange!", &[]),
                    contract::UsedField::new("employees", "Int", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("industry", "Industry!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("website", "AWSURL", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Query",
                fields: &[
                    contract::UsedField::new(
                        "listCollectionItems",
                        "CollectionItemConnection",
                        &[
                            contract::Given::variable("collectionId", "ID!"),
                            contract::Given::variable("limit", "Int!"),
                            contract::Given::variable("nextToken", "String"),
                        ],
                    ),
                ],
            },
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/read/get_companies_batch.graphql`.
///
/// Short profiles of up to 50 companies by id, in the order asked for; null for an id of no company.
#[allow(unused_imports, unused_qualifications)]
pub mod get_companies_batch {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// As search_companies returns them.
        pub ids: Vec<ID>,
    }
    /// What the query answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Query", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct GetCompaniesBatch {
        /// Several companies by their ids, in that order, null for an id that belongs to none. At most 50.
        #[arguments(ids:$ids)]
        #[cynic(rename = "getCompanies")]
        #[serde(
            rename = "getCompanies",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub get_companies: Option<Vec<Option<Company>>>,
    }
    ::appsync_mcp::object!(GetCompaniesBatch);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Company {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
        /// Of the registered seat, as ISO 3166-1 alpha-2.
        pub country: String,
        /// Of the registered seat.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub city: Option<String>,
        /// The main line of business.
        pub industry: Industry,
        /// By the newest count.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub employees: Option<i32>,
        /// Size class by `employees`.
        #[cynic(rename = "employeeRange")]
        #[serde(rename = "employeeRange")]
        pub employee_range: EmployeeRange,
        /// The company's website.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub website: Option<AWSURL>,
        /// In the commercial register.
        #[cynic(rename = "legalName")]
        #[serde(rename = "legalName")]
        pub legal_name: String,
        /// What the company says about itself.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub description: Option<String>,
        /// When it was updated.
        #[cynic(rename = "updatedAt")]
        #[serde(rename = "updatedAt")]
        pub updated_at: AWSDateTime,
    }
    ::appsync_mcp::object!(Company);
    impl contract::Operation for GetCompaniesBatch {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "get_companies_batch",
        title: "Get several companies",
        description: "Short profiles of up to 50 companies by id, in the order asked for; null for an id of no company.",
        kind: contract::Kind::Read,
        open_world: true,
        operation_name: "GetCompaniesBatch",
        document: &[
            contract::Segment {
                any: &[],
                text: "query GetCompaniesBatch($ids: [ID!]!) {\n  getCompanies(ids: $ids) {\n    ...CompanySummary\n    legalName\n    description\n    updatedAt\n  }\n}\n\nfragment CompanySummary on Company {\n  id\n  name\n  country\n  city\n  industry\n  employees\n  employeeRange\n  website\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "ids",
                description: "As search_companies returns them.",
                value: contract::Position {
                    input: contract::Input::List {
                        item: &contract::Position {
                            input: contract::Input::Text {
                                scalar: "ID",
                                normalize: &[],
                                length_min: 1,
                                length_max: 64,
                                pattern: None,
                                empty: false,
                            },
                            nullable: false,
                        },
                        items_min: 1,
                        items_max: 50,
                        unique: true,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("[\"c-00042\",\"c-00043\"]"),
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"ids\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64},\"minItems\":1,\"description\":\"As search_companies returns them. At most 50 items.\"}},\"required\":[\"ids\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"},\"country\":{\"type\":\"string\",\"description\":\"Of the registered seat, as ISO 3166-1 alpha-2.\"},\"city\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Of the registered seat.\"},\"industry\":{\"type\":\"string\",\"description\":\"The main line of business. Known values: AGRICULTURE, CONSTRUCTION, EDUCATION and 11 more.\"},\"employees\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"By the newest count.\"},\"employeeRange\":{\"type\":\"string\",\"description\":\"Size class by `employees`. Known values: ENTERPRISE, LARGE, MEDIUM, MICRO, SMALL.\"},\"website\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"legalName\":{\"type\":\"string\",\"description\":\"In the commercial register.\"},\"description\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"What the company says about itself.\"},\"updatedAt\":{\"type\":\"string\"}}},{\"type\":\"null\"}]},\"maxItems\":50},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Items {
            key: "getCompanies",
        },
        lists: &[
            contract::ListBound {
                path: &["getCompanies"],
                max: contract::ListMax::Items(50),
                inner_max: None,
                next_token: None,
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["companies:read"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::ApiKey,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Iam,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "query",
                ty: "Query",
            },
            contract::Use::Fields {
                of: "Company",
                fields: &[
                    contract::UsedField::new("city", "String", &[]),
                    contract::UsedField::new("country", "String!", &[]),
                    contract::UsedField::new("description", "String", &[]),
                    contract::UsedField::new("employeeRange", "EmployeeRange!", &[]),
                    contract::UsedField::new("employees", "Int", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("industry", "Industry!", &[]),
                    contract::UsedField::new("legalName", "String!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("updatedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("website", "AWSURL", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Query",
                fields: &[
                    contract::UsedField::new(
                        "getCompanies",
                        "[Company]",
                        &[contract::Given::variable("ids", "[ID!]!")],
                    ),
                ],
            },
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/read/get_company.graphql`.
///
/// One company's whole profile by its id: seat, size, revenue, technologies, contacts and funding.
#[allow(unused_imports, unused_qualifications)]
pub mod get_company {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// As search_companies returns it.
        pub id: ID,
    }
    /// What the query answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Query", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct GetCompany {
        /// One company by its id; null if there is none.
        #[arguments(id:$id)]
        #[cynic(rename = "getCompany")]
        #[serde(
            rename = "getCompany",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub get_company: Option<Company>,
    }
    ::appsync_mcp::object!(GetCompany);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Company {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
        /// Of the registered seat, as ISO 3166-1 alpha-2.
        pub country: String,
        /// Of the registered seat.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub city: Option<String>,
        /// The main line of business.
        pub industry: Industry,
        /// By the newest count.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub employees: Option<i32>,
        /// Size class by `employees`.
        #[cynic(rename = "employeeRange")]
        #[serde(rename = "employeeRange")]
        pub employee_range: EmployeeRange,
        /// The company's website.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub website: Option<AWSURL>,
        /// In the commercial register.
        #[cynic(rename = "legalName")]
        #[serde(rename = "legalName")]
        pub legal_name: String,
        /// In the commercial register of its country.
        #[cynic(rename = "registrationId")]
        #[serde(
            rename = "registrationId",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub registration_id: Option<String>,
        /// What the company says about itself.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub description: Option<String>,
        /// When the company was founded.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub founded: Option<AWSDate>,
        /// The registered seat.
        #[cynic(rename = "address", alias)]
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub seat: Option<Address>,
        /// Statistical classification codes, the main one first.
        #[cynic(rename = "industryCodes")]
        #[serde(rename = "industryCodes")]
        pub industry_codes: Vec<IndustryCode>,
        /// Yearly revenue, by the newest accounts.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub revenue: Option<Money>,
        /// Public ones of the company, not of people.
        #[arguments(limit:5)]
        pub emails: Vec<AWSEmail>,
        /// The switchboard's number.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub phone: Option<AWSPhone>,
        /// Products and technologies in use.
        pub technologies: Vec<String>,
        /// Profiles on social networks.
        #[cynic(rename = "socialLinks")]
        #[serde(rename = "socialLinks")]
        pub social_links: Vec<SocialLink>,
        /// People to talk to.
        #[arguments(limit:5)]
        #[cynic(rename = "contacts", alias)]
        #[serde(
            rename = "decisionMakers",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub decision_makers: Option<ContactConnection>,
        /// Of venture capital, newest first.
        #[arguments(limit:10)]
        #[cynic(rename = "fundingRounds")]
        #[serde(
            rename = "fundingRounds",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub funding_rounds: Option<FundingRoundConnection>,
        /// The owner, if known.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub parent: Option<Company2>,
        /// How complete and fresh the profile is, from 0 to 1.
        pub score: f64,
        /// When it was updated.
        #[cynic(rename = "updatedAt")]
        #[serde(rename = "updatedAt")]
        pub updated_at: AWSDateTime,
    }
    ::appsync_mcp::object!(Company);
    /// A postal address.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Address", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Address {
        /// Street and number.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub street: Option<String>,
        /// As its country writes it.
        #[cynic(rename = "postalCode")]
        #[serde(
            rename = "postalCode",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub postal_code: Option<String>,
        /// City.
        pub city: String,
        /// State, province or region.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub region: Option<String>,
        /// ISO 3166-1 alpha-2 code of the country.
        pub country: String,
        /// Where it is on the map.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub location: Option<GeoPoint>,
    }
    ::appsync_mcp::object!(Address);
    /// A point on the map (WGS 84).
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "GeoPoint", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct GeoPoint {
        /// Degrees north.
        pub latitude: f64,
        /// Degrees east.
        pub longitude: f64,
    }
    ::appsync_mcp::object!(GeoPoint);
    /// A code of a statistical classification of economic activities.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "IndustryCode", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct IndustryCode {
        /// The classification.
        pub scheme: IndustryScheme,
        /// The code, such as `62.01`.
        pub code: String,
        /// What the code stands for.
        pub label: String,
    }
    ::appsync_mcp::object!(IndustryCode);
    /// An amount of money.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Money", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Money {
        /// In whole units of the currency.
        pub amount: f64,
        /// ISO 4217 code.
        pub currency: String,
        /// Of the amount.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub year: Option<i32>,
    }
    ::appsync_mcp::object!(Money);
    /// A profile on a social network.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "SocialLink", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct SocialLink {
        /// The network.
        pub network: SocialNetwork,
        /// The profile's address.
        pub url: AWSURL,
    }
    ::appsync_mcp::object!(SocialLink);
    /// A page of contacts.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "ContactConnection", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct ContactConnection {
        /// The contacts.
        pub items: Vec<Contact>,
    }
    ::appsync_mcp::object!(ContactConnection);
    /// A person who works at a company and whose details are public.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Contact", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Contact {
        /// The contact's id.
        pub id: ID,
        /// The person's name.
        pub name: String,
        /// What the person does there.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub role: Option<String>,
        /// Level in the company.
        pub seniority: Seniority,
        /// Work e-mail address, if found.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub email: Option<AWSEmail>,
    }
    ::appsync_mcp::object!(Contact);
    /// A page of funding rounds.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(
        graphql_type = "FundingRoundConnection",
        variables = "Variables",
        no_deserialize
    )]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct FundingRoundConnection {
        /// The rounds.
        pub items: Vec<FundingRound>,
    }
    ::appsync_mcp::object!(FundingRoundConnection);
    /// A round of venture funding.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "FundingRound", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct FundingRound {
        /// The round's stage.
        pub series: FundingSeries,
        /// When it was announced.
        pub announced: AWSDate,
        /// How much was raised.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub raised: Option<Money2>,
        /// Who invested, the lead first.
        pub investors: Vec<String>,
    }
    ::appsync_mcp::object!(FundingRound);
    /// An amount of money.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Money", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Money2 {
        /// In whole units of the currency.
        pub amount: f64,
        /// ISO 4217 code.
        pub currency: String,
    }
    ::appsync_mcp::object!(Money2);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Company2 {
        /// Unique on the platform.
        pub id: ID,
        /// A name for people.
        pub name: String,
    }
    ::appsync_mcp::object!(Company2);
    impl contract::Operation for GetCompany {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "get_company",
        title: "Get a company",
        description: "One company's whole profile by its id: seat, size, revenue, technologies, contacts and funding.",
        kind: contract::Kind::Read,
        open_world: true,
        operation_name: "GetCompany",
        document: &[
            contract::Segment {
                any: &[],
                text: "query GetCompany($id: ID!) {\n  getCompany(id: $id) {\n    ...CompanySummary\n    legalName\n    registrationId\n    description\n    founded\n    seat: address {\n      street\n      postalCode\n      city\n      region\n      country\n      location {\n        latitude\n        longitude\n      }\n    }\n    industryCodes {\n      scheme\n      code\n      label\n    }\n    revenue {\n      amount\n      currency\n      year\n    }\n    emails(limit: 5)\n    phone\n    technologies\n    socialLinks {\n      network\n      url\n    }\n    decisionMakers: contacts(limit: 5) {\n      items {\n        id\n        name\n        role\n        seniority\n        email\n      }\n    }\n    fundingRounds(limit: 10) {\n      items {\n        series\n        announced\n        raised {\n          amount\n          currency\n        }\n        investors\n      }\n    }\n    parent {\n      ...RecordSummary\n    }\n    score\n    updatedAt\n  }\n}\n\nfragment CompanySummary on Company {\n  id\n  name\n  country\n  city\n  industry\n  employees\n  employeeRange\n  website\n}\n\nfragment RecordSummary on Record {\n  id\n  name\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "id",
                description: "As search_companies returns it.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "ID",
                        normalize: &[],
                        length_min: 1,
                        length_max: 64,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("\"c-00042\""),
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64,\"description\":\"As search_companies returns it.\"}},\"required\":[\"id\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"},\"country\":{\"type\":\"string\",\"description\":\"Of the registered seat, as ISO 3166-1 alpha-2.\"},\"city\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Of the registered seat.\"},\"industry\":{\"type\":\"string\",\"description\":\"The main line of business. Known values: AGRICULTURE, CONSTRUCTION, EDUCATION and 11 more.\"},\"employees\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"By the newest count.\"},\"employeeRange\":{\"type\":\"string\",\"description\":\"Size class by `employees`. Known values: ENTERPRISE, LARGE, MEDIUM, MICRO, SMALL.\"},\"website\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"legalName\":{\"type\":\"string\",\"description\":\"In the commercial register.\"},\"registrationId\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"In the commercial register of its country.\"},\"description\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"What the company says about itself.\"},\"founded\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"seat\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"street\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Street and number.\"},\"postalCode\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"As its country writes it.\"},\"city\":{\"type\":\"string\"},\"region\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"State, province or region.\"},\"country\":{\"type\":\"string\",\"description\":\"ISO 3166-1 alpha-2 code of the country.\"},\"location\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"latitude\":{\"type\":\"number\",\"description\":\"Degrees north.\"},\"longitude\":{\"type\":\"number\",\"description\":\"Degrees east.\"}}},{\"type\":\"null\"}],\"description\":\"Where it is on the map.\"}}},{\"type\":\"null\"}],\"description\":\"The registered seat.\"},\"industryCodes\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"scheme\":{\"type\":\"string\",\"description\":\"The classification. Known values: NACE, NAICS, SIC.\"},\"code\":{\"type\":\"string\",\"description\":\"The code, such as `62.01`.\"},\"label\":{\"type\":\"string\",\"description\":\"What the code stands for.\"}}},\"maxItems\":10,\"description\":\"Statistical classification codes, the main one first.\"},\"revenue\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"amount\":{\"type\":\"number\",\"description\":\"In whole units of the currency.\"},\"currency\":{\"type\":\"string\",\"description\":\"ISO 4217 code.\"},\"year\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"Of the amount.\"}}},{\"type\":\"null\"}],\"description\":\"Yearly revenue, by the newest accounts.\"},\"emails\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":5,\"description\":\"Public ones of the company, not of people.\"},\"phone\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"The switchboard's number.\"},\"technologies\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":50,\"description\":\"Products and technologies in use.\"},\"socialLinks\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"network\":{\"type\":\"string\",\"description\":\"Known values: FACEBOOK, GITHUB, LINKEDIN, TWITTER, X, YOUTUBE.\"},\"url\":{\"type\":\"string\",\"description\":\"The profile's address.\"}}},\"maxItems\":10,\"description\":\"Profiles on social networks.\"},\"decisionMakers\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"The person's name.\"},\"role\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"What the person does there.\"},\"seniority\":{\"type\":\"string\",\"description\":\"Level in the company. Known values: DIRECTOR, EXECUTIVE, MANAGER, OWNER, STAFF.\"},\"email\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Work e-mail address, if found.\"}}},\"maxItems\":5}}},{\"type\":\"null\"}],\"description\":\"People to talk to.\"},\"fundingRounds\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"series\":{\"type\":\"string\",\"description\":\"The round's stage. Known values: A, B, C, GRANT, LATER, PRE_SEED, SEED.\"},\"announced\":{\"type\":\"string\"},\"raised\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"amount\":{\"type\":\"number\",\"description\":\"In whole units of the currency.\"},\"currency\":{\"type\":\"string\",\"description\":\"ISO 4217 code.\"}}},{\"type\":\"null\"}]},\"investors\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":20,\"description\":\"Who invested, the lead first.\"}}},\"maxItems\":10}}},{\"type\":\"null\"}],\"description\":\"Of venture capital, newest first.\"},\"parent\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"description\":\"Unique on the platform.\"},\"name\":{\"type\":\"string\",\"description\":\"A name for people.\"}}},{\"type\":\"null\"}],\"description\":\"The owner, if known.\"},\"score\":{\"type\":\"number\",\"description\":\"How complete and fresh the profile is, from 0 to 1.\"},\"updatedAt\":{\"type\":\"string\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "getCompany",
        },
        lists: &[
            contract::ListBound {
                path: &["getCompany", "industryCodes"],
                max: contract::ListMax::Items(10),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["getCompany", "emails"],
                max: contract::ListMax::Items(5),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["getCompany", "technologies"],
                max: contract::ListMax::Items(50),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["getCompany", "socialLinks"],
                max: contract::ListMax::Items(10),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["getCompany", "decisionMakers", "items"],
                max: contract::ListMax::Items(5),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["getCompany", "fundingRounds", "items"],
                max: contract::ListMax::Items(10),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["getCompany", "fundingRounds", "items", "investors"],
                max: contract::ListMax::Items(20),
                inner_max: None,
                next_token: None,
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["companies:read"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::Iam,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "query",
                ty: "Query",
            },
            contract::Use::Fields {
                of: "Address",
                fields: &[
                    contract::UsedField::new("city", "String!", &[]),
                    contract::UsedField::new("country", "String!", &[]),
                    contract::UsedField::new("location", "GeoPoint", &[]),
                    contract::UsedField::new("postalCode", "String", &[]),
                    contract::UsedField::new("region", "String", &[]),
                    contract::UsedField::new("street", "String", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Company",
                fields: &[
                    contract::UsedField::new("address", "Address", &[]),
                    contract::UsedField::new("city", "String", &[]),
                    contract::UsedField::new(
                        "contacts",
                        "ContactConnection",
                        &[contract::Given::value("limit", "Int!")],
                    ),
                    contract::UsedField::new("country", "String!", &[]),
                    contract::UsedField::new("description", "String", &[]),
                    contract::UsedField::new(
                        "emails",
                        "[AWSEmail!]!",
                        &[contract::Given::value("limit", "Int!")],
                    ),
                    contract::UsedField::new("employeeRange", "EmployeeRange!", &[]),
                    contract::UsedField::new("employees", "Int", &[]),
                    contract::UsedField::new("founded", "AWSDate", &[]),
                    contract::UsedField::new(
                        "fundingRounds",
                        "FundingRoundConnection",
                        &[contract::Given::value("limit", "Int!")],
                    ),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("industry", "Industry!", &[]),
                    contract::UsedField::new("industryCodes", "[IndustryCode!]!", &[]),
                    contract::UsedField::new("legalName", "String!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("parent", "Company", &[]),
                    contract::UsedField::new("phone", "AWSPhone", &[]),
                    contract::UsedField::new("registrationId", "String", &[]),
                    contract::UsedField::new("revenue", "Money", &[]),
                    contract::UsedField::new("score", "Float!", &[]),
                    contract::UsedField::new("socialLinks", "[SocialLink!]!", &[]),
                    contract::UsedField::new("technologies", "[String!]!", &[]),
                    contract::UsedField::new("updatedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("website", "AWSURL", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Contact",
                fields: &[
                    contract::UsedField::new("email", "AWSEmail", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("role", "String", &[]),
                    contract::UsedField::new("seniority", "Seniority!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "ContactConnection",
                fields: &[contract::UsedField::new("items", "[Contact!]!", &[])],
            },
            contract::Use::Fields {
                of: "FundingRound",
                fields: &[
                    contract::UsedField::new("announced", "AWSDate!", &[]),
                    contract::UsedField::new("investors", "[String!]!", &[]),
                    contract::UsedField::new("raised", "Money", &[]),
                    contract::UsedField::new("series", "FundingSeries!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "FundingRoundConnection",
                fields: &[contract::UsedField::new("items", "[FundingRound!]!", &[])],
            },
            contract::Use::Fields {
                of: "GeoPoint",
                fields: &[
                    contract::UsedField::new("latitude", "Float!", &[]),
                    contract::UsedField::new("longitude", "Float!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "IndustryCode",
                fields: &[
                    contract::UsedField::new("code", "String!", &[]),
                    contract::UsedField::new("label", "String!", &[]),
                    contract::UsedField::new("scheme", "IndustryScheme!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Money",
                fields: &[
                    contract::UsedField::new("amount", "Float!", &[]),
                    contract::UsedField::new("currency", "String!", &[]),
                    contract::UsedField::new("year", "Int", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Query",
                fields: &[
                    contract::UsedField::new(
                        "getCompany",
                        "Company",
                        &[contract::Given::variable("id", "ID!")],
                    ),
                ],
            },
            contract::Use::Fields {
                of: "Record",
                fields: &[
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "SocialLink",
                fields: &[
                    contract::UsedField::new("network", "SocialNetwork!", &[]),
                    contract::UsedField::new("url", "AWSURL!", &[]),
                ],
            },
            contract::Use::Fragment {
                of: "Company",
                on: "Record",
            },
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/read/list_collections.graphql`.
///
/// The caller's collections, newest first, a page at a time.
#[allow(unused_imports, unused_qualifications)]
pub mod list_collections {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// How many to return.
        pub limit: i32,
        /// From the page before.
        #[cynic(rename = "nextToken", skip_serializing_if = "Option::is_none")]
        #[serde(rename = "nextToken", default)]
        pub next_token: Option<String>,
    }
    /// What the query answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Query", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct ListCollections {
        /// The caller's collections, newest first.
        #[arguments(limit:$limit, nextToken:$next_token)]
        #[cynic(rename = "listCollections")]
        #[serde(
            rename = "listCollections",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub list_collections: Option<CollectionConnection>,
    }
    ::appsync_mcp::object!(ListCollections);
    /// A page of collections.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(
        graphql_type = "CollectionConnection",
        variables = "Variables",
        no_deserialize
    )]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct CollectionConnection {
        /// The collections.
        pub items: Vec<Collection>,
        /// Null on the last page.
        #[cynic(rename = "nextToken")]
        #[serde(
            rename = "nextToken",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub next_token: Option<String>,
    }
    ::appsync_mcp::object!(CollectionConnection);
    /// A caller's own list of companies.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Collection", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Collection {
        /// The collection's id.
        pub id: ID,
        /// Unique among its owner's.
        pub name: String,
        /// What the collection is for.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub description: Option<String>,
        /// Who may see it.
        pub visibility: Visibility,
        /// How many companies are in it.
        #[cynic(rename = "itemCount")]
        #[serde(rename = "itemCount")]
        pub item_count: i32,
        /// When it was created.
        #[cynic(rename = "createdAt")]
        #[serde(rename = "createdAt")]
        pub created_at: AWSDateTime,
        /// When it was updated.
        #[cynic(rename = "updatedAt")]
        #[serde(rename = "updatedAt")]
        pub updated_at: AWSDateTime,
    }
    ::appsync_mcp::object!(Collection);
    impl contract::Operation for ListCollections {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "list_collections",
        title: "List collections",
        description: "The caller's collections, newest first, a page at a time.",
        kind: contract::Kind::Read,
        open_world: false,
        operation_name: "ListCollections",
        document: &[
            contract::Segment {
                any: &[],
                text: "query ListCollections($limit: Int! = 20",
            },
            contract::Segment {
                any: &["nextToken"],
                text: " $nextToken: String",
            },
            contract::Segment {
                any: &[],
                text: ") {\n  listCollections(limit: $limit",
            },
            contract::Segment {
                any: &["nextToken"],
                text: " nextToken: $nextToken",
            },
            contract::Segment {
                any: &[],
                text: ") {\n    items {\n      ...CollectionSummary\n    }\n    nextToken\n  }\n}\n\nfragment CollectionSummary on Collection {\n  id\n  name\n  description\n  visibility\n  itemCount\n  createdAt\n  updatedAt\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "limit",
                description: "How many to return.",
                value: contract::Position {
                    input: contract::Input::Integer {
                        min: 1,
                        max: 100,
                        excess: contract::Excess::Clamp,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Default("20"),
                example: None,
            },
            contract::Argument {
                name: "nextToken",
                description: "From the page before.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[],
                        length_min: 0,
                        length_max: 1024,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: None,
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"limit\":{\"type\":\"integer\",\"description\":\"How many to return. From 1 to 100.\",\"default\":20},\"nextToken\":{\"type\":\"string\",\"maxLength\":1024,\"description\":\"From the page before.\"}}}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Unique among its owner's.\"},\"description\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"visibility\":{\"type\":\"string\",\"description\":\"Who may see it. Known values: PRIVATE, TEAM.\"},\"itemCount\":{\"type\":\"integer\",\"description\":\"How many companies are in it.\"},\"createdAt\":{\"type\":\"string\"},\"updatedAt\":{\"type\":\"string\"}}},\"maxItems\":100},\"nextToken\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Null on the last page.\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "listCollections",
        },
        lists: &[
            contract::ListBound {
                path: &["listCollections", "items"],
                max: contract::ListMax::Argument("limit"),
                inner_max: None,
                next_token: Some(contract::NextToken {
                    key: "nextToken",
                    nullable: true,
                }),
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["collections:read"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "query",
                ty: "Query",
            },
            contract::Use::Fields {
                of: "Collection",
                fields: &[
                    contract::UsedField::new("createdAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("description", "String", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("itemCount", "Int!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("updatedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("visibility", "Visibility!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "CollectionConnection",
                fields: &[
                    contract::UsedField::new("items", "[Collection!]!", &[]),
                    contract::UsedField::new("nextToken", "String", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Query",
                fields: &[
                    contract::UsedField::new(
                        "listCollections",
                        "CollectionConnection",
                        &[
                            contract::Given::variable("limit", "Int!"),
                            contract::Given::variable("nextToken", "String"),
                        ],
                    ),
                ],
            },
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/read/search_companies.graphql`.
///
/// Find companies by keyword, country and size. Returns a page of short profiles; get_company has the whole one.
#[allow(unused_imports, unused_qualifications)]
pub mod search_companies {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// Words in a company's name, industry or description.
        pub keywords: String,
        /// ISO 3166-1 alpha-2 code or English name, such as DE or Germany.
        #[cynic(skip_serializing_if = "Option::is_none")]
        #[serde(default)]
        pub country: Option<String>,
        /// Fewest employees.
        #[cynic(rename = "employeesMin", skip_serializing_if = "Option::is_none")]
        #[serde(rename = "employeesMin", default)]
        pub employees_min: Option<i32>,
        /// Most employees.
        #[cynic(rename = "employeesMax", skip_serializing_if = "Option::is_none")]
        #[serde(rename = "employeesMax", default)]
        pub employees_max: Option<i32>,
        /// How many to return.
        pub limit: i32,
        /// From the page before.
        #[cynic(rename = "nextToken", skip_serializing_if = "Option::is_none")]
        #[serde(rename = "nextToken", default)]
        pub next_token: Option<String>,
    }
    /// What the query answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Query", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct SearchCompanies {
        /// Finds companies by keyword, place and size.
        #[arguments(
            filter:{keywords:$keywords,
            location:{country:$country},
            employees:{min:$employees_min,
            max:$employees_max}},
            limit:$limit,
            nextToken:$next_token
        )]
        #[cynic(rename = "searchCompanies")]
        #[serde(
            rename = "searchCompanies",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub search_companies: Option<CompanyConnection>,
    }
    ::appsync_mcp::object!(SearchCompanies);
    /// A page of companies.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "CompanyConnection", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct CompanyConnection {
        /// A page can be empty and still have a `nextToken`.
        pub items: Vec<Company>,
        /// Null on the last page.
        #[cynic(rename = "nextToken")]
        #[serde(
            rename = "nextToken",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub next_token: Option<String>,
        /// In all, if known.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub total: Option<i32>,
    }
    ::appsync_mcp::object!(CompanyConnection);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Company {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
        /// Of the registered seat, as ISO 3166-1 alpha-2.
        pub country: String,
        /// Of the registered seat.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub city: Option<String>,
        /// The main line of business.
        pub industry: Industry,
        /// By the newest count.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub employees: Option<i32>,
        /// Size class by `employees`.
        #[cynic(rename = "employeeRange")]
        #[serde(rename = "employeeRange")]
        pub employee_range: EmployeeRange,
        /// The company's website.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub website: Option<AWSURL>,
    }
    ::appsync_mcp::object!(Company);
    impl contract::Operation for SearchCompanies {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "search_companies",
        title: "Search companies",
        description: "Find companies by keyword, country and size. Returns a page of short profiles; get_company has the whole one.",
        kind: contract::Kind::Read,
        open_world: true,
        operation_name: "SearchCompanies",
        document: &[
            contract::Segment {
                any: &[],
                text: "query SearchCompanies($keywords: String!",
            },
            contract::Segment {
                any: &["country"],
                text: " $country: String",
            },
            contract::Segment {
                any: &["employeesMin"],
                text: " $employeesMin: Int",
            },
            contract::Segment {
                any: &["employeesMax"],
                text: " $employeesMax: Int",
            },
            contract::Segment {
                any: &[],
                text: " $limit: Int! = 20",
            },
            contract::Segment {
                any: &["nextToken"],
                text: " $nextToken: String",
            },
            contract::Segment {
                any: &[],
                text: ") {\n  searchCompanies(filter: {keywords: $keywords",
            },
            contract::Segment {
                any: &["country"],
                text: " location: {country: $country}",
            },
            contract::Segment {
                any: &["employeesMax", "employeesMin"],
                text: " employees: {",
            },
            contract::Segment {
                any: &["employeesMin"],
                text: "min: $employeesMin",
            },
            contract::Segment {
                any: &["employeesMax"],
                text: " max: $employeesMax",
            },
            contract::Segment {
                any: &["employeesMax", "employeesMin"],
                text: "}",
            },
            contract::Segment {
                any: &[],
                text: "} limit: $limit",
            },
            contract::Segment {
                any: &["nextToken"],
                text: " nextToken: $nextToken",
            },
            contract::Segment {
                any: &[],
                text: ") {\n    items {\n      ...CompanySummary\n    }\n    nextToken\n    total\n  }\n}\n\nfragment CompanySummary on Company {\n  id\n  name\n  country\n  city\n  industry\n  employees\n  employeeRange\n  website\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "keywords",
                description: "Words in a company's name, industry or description.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[contract::Normalize::Trim],
                        length_min: 2,
                        length_max: 200,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("\"SaaS\""),
            },
            contract::Argument {
                name: "country",
                description: "ISO 3166-1 alpha-2 code or English name, such as DE or Germany.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[contract::Normalize::CountryCode],
                        length_min: 0,
                        length_max: 8192,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: Some("\"Germany\""),
            },
            contract::Argument {
                name: "employeesMin",
                description: "Fewest employees.",
                value: contract::Position {
                    input: contract::Input::Integer {
                        min: 0,
                        max: 2147483647,
                        excess: contract::Excess::Reject,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: Some("50"),
            },
            contract::Argument {
                name: "employeesMax",
                description: "Most employees.",
                value: contract::Position {
                    input: contract::Input::Integer {
                        min: 0,
                        max: 2147483647,
                        excess: contract::Excess::Reject,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: Some("200"),
            },
            contract::Argument {
                name: "limit",
                description: "How many to return.",
                value: contract::Position {
                    input: contract::Input::Integer {
                        min: 1,
                        max: 100,
                        excess: contract::Excess::Clamp,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Default("20"),
                example: None,
            },
            contract::Argument {
                name: "nextToken",
                description: "From the page before.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[],
                        length_min: 0,
                        length_max: 1024,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: None,
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"keywords\":{\"type\":\"string\",\"description\":\"Words in a company's name, industry or description. From 2 to 200 characters.\"},\"country\":{\"type\":\"string\",\"description\":\"ISO 3166-1 alpha-2 code or English name, such as DE or Germany.\"},\"employeesMin\":{\"type\":\"integer\",\"minimum\":0,\"description\":\"Fewest employees.\"},\"employeesMax\":{\"type\":\"integer\",\"minimum\":0,\"description\":\"Most employees.\"},\"limit\":{\"type\":\"integer\",\"description\":\"How many to return. From 1 to 100.\",\"default\":20},\"nextToken\":{\"type\":\"string\",\"maxLength\":1024,\"description\":\"From the page before.\"}},\"required\":[\"keywords\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"},\"country\":{\"type\":\"string\",\"description\":\"Of the registered seat, as ISO 3166-1 alpha-2.\"},\"city\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Of the registered seat.\"},\"industry\":{\"type\":\"string\",\"description\":\"The main line of business. Known values: AGRICULTURE, CONSTRUCTION, EDUCATION and 11 more.\"},\"employees\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"By the newest count.\"},\"employeeRange\":{\"type\":\"string\",\"description\":\"Size class by `employees`. Known values: ENTERPRISE, LARGE, MEDIUM, MICRO, SMALL.\"},\"website\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}}},\"maxItems\":100,\"description\":\"A page can be empty and still have a `nextToken`.\"},\"nextToken\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"description\":\"Null on the last page.\"},\"total\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}],\"description\":\"In all, if known.\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "searchCompanies",
        },
        lists: &[
            contract::ListBound {
                path: &["searchCompanies", "items"],
                max: contract::ListMax::Argument("limit"),
                inner_max: None,
                next_token: Some(contract::NextToken {
                    key: "nextToken",
                    nullable: true,
                }),
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["companies:read"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::ApiKey,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Iam,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "query",
                ty: "Query",
            },
            contract::Use::Fields {
                of: "Company",
                fields: &[
                    contract::UsedField::new("city", "String", &[]),
                    contract::UsedField::new("country", "String!", &[]),
                    contract::UsedField::new("employeeRange", "EmployeeRange!", &[]),
                    contract::UsedField::new("employees", "Int", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("industry", "Industry!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("website", "AWSURL", &[]),
                ],
            },
            contract::Use::Fields {
                of: "CompanyConnection",
                fields: &[
                    contract::UsedField::new("items", "[Company!]!", &[]),
                    contract::UsedField::new("nextToken", "String", &[]),
                    contract::UsedField::new("total", "Int", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Query",
                fields: &[
                    contract::UsedField::new(
                        "searchCompanies",
                        "CompanyConnection",
                        &[
                            contract::Given::value("filter", "CompanyFilterInput!"),
                            contract::Given::variable("limit", "Int!"),
                            contract::Given::variable("nextToken", "String"),
                        ],
                    ),
                ],
            },
            contract::Use::Input(
                &contract::UsedInput {
                    name: "CompanyFilterInput",
                    fields: &[
                        contract::Given::value("employees", "IntRangeInput"),
                        contract::Given::variable("keywords", "String!"),
                        contract::Given::value("location", "LocationFilterInput"),
                    ],
                },
            ),
            contract::Use::Input(
                &contract::UsedInput {
                    name: "IntRangeInput",
                    fields: &[
                        contract::Given::variable("max", "Int"),
                        contract::Given::variable("min", "Int"),
                    ],
                },
            ),
            contract::Use::Input(
                &contract::UsedInput {
                    name: "LocationFilterInput",
                    fields: &[contract::Given::variable("country", "String")],
                },
            ),
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/write/add_to_collection.graphql`.
///
/// Add up to 50 companies to one of the caller's collections. Those already in it stay as they are.
#[allow(unused_imports, unused_qualifications)]
pub mod add_to_collection {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// As list_collections returns it.
        #[cynic(rename = "collectionId")]
        #[serde(rename = "collectionId")]
        pub collection_id: ID,
        /// As search_companies returns them.
        #[cynic(rename = "companyIds")]
        #[serde(rename = "companyIds")]
        pub company_ids: Vec<ID>,
    }
    /// What the operation answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Mutation", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct AddToCollection {
        /// Puts companies into one of the caller's collections. At most 50 at a time.
        #[arguments(input:{collectionId:$collection_id, companyIds:$company_ids})]
        #[cynic(rename = "addToCollection")]
        #[serde(
            rename = "addToCollection",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub add_to_collection: Option<CollectionChange>,
    }
    ::appsync_mcp::object!(AddToCollection);
    /// What became of companies that were put into a collection.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "CollectionChange", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct CollectionChange {
        /// How many companies were put into it.
        pub added: i32,
        /// Ids of companies that were in it before.
        #[cynic(rename = "alreadyThere")]
        #[serde(rename = "alreadyThere")]
        pub already_there: Vec<ID>,
        /// Ids that belong to no company.
        pub unknown: Vec<ID>,
        /// The collection afterwards.
        pub collection: Collection,
    }
    ::appsync_mcp::object!(CollectionChange);
    /// A caller's own list of companies.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Collection", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Collection {
        /// The collection's id.
        pub id: ID,
        /// Unique among its owner's.
        pub name: String,
        /// What the collection is for.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub description: Option<String>,
        /// Who may see it.
        pub visibility: Visibility,
        /// How many companies are in it.
        #[cynic(rename = "itemCount")]
        #[serde(rename = "itemCount")]
        pub item_count: i32,
        /// When it was created.
        #[cynic(rename = "createdAt")]
        #[serde(rename = "createdAt")]
        pub created_at: AWSDateTime,
        /// When it was updated.
        #[cynic(rename = "updatedAt")]
        #[serde(rename = "updatedAt")]
        pub updated_at: AWSDateTime,
    }
    ::appsync_mcp::object!(Collection);
    impl contract::Operation for AddToCollection {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "add_to_collection",
        title: "Add companies to a collection",
        description: "Add up to 50 companies to one of the caller's collections. Those already in it stay as they are.",
        kind: contract::Kind::Write {
            destructive: false,
            idempotent: true,
        },
        open_world: false,
        operation_name: "AddToCollection",
        document: &[
            contract::Segment {
                any: &[],
                text: "mutation AddToCollection($collectionId: ID! $companyIds: [ID!]!) {\n  addToCollection(input: {collectionId: $collectionId companyIds: $companyIds}) {\n    added\n    alreadyThere\n    unknown\n    collection {\n      ...CollectionSummary\n    }\n  }\n}\n\nfragment CollectionSummary on Collection {\n  id\n  name\n  description\n  visibility\n  itemCount\n  createdAt\n  updatedAt\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "collectionId",
                description: "As list_collections returns it.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "ID",
                        normalize: &[],
                        length_min: 1,
                        length_max: 64,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("\"col-1\""),
            },
            contract::Argument {
                name: "companyIds",
                description: "As search_companies returns them.",
                value: contract::Position {
                    input: contract::Input::List {
                        item: &contract::Position {
                            input: contract::Input::Text {
                                scalar: "ID",
                                normalize: &[],
                                length_min: 1,
                                length_max: 64,
                                pattern: None,
                                empty: false,
                            },
                            nullable: false,
                        },
                        items_min: 1,
                        items_max: 50,
                        unique: true,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("[\"c-00042\",\"c-00043\"]"),
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"collectionId\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64,\"description\":\"As list_collections returns it.\"},\"companyIds\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64},\"minItems\":1,\"description\":\"As search_companies returns them. At most 50 items.\"}},\"required\":[\"collectionId\",\"companyIds\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"added\":{\"type\":\"integer\",\"description\":\"How many companies were put into it.\"},\"alreadyThere\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":50,\"description\":\"Ids of companies that were in it before.\"},\"unknown\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":50,\"description\":\"Ids that belong to no company.\"},\"collection\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Unique among its owner's.\"},\"description\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"visibility\":{\"type\":\"string\",\"description\":\"Who may see it. Known values: PRIVATE, TEAM.\"},\"itemCount\":{\"type\":\"integer\",\"description\":\"How many companies are in it.\"},\"createdAt\":{\"type\":\"string\"},\"updatedAt\":{\"type\":\"string\"}},\"description\":\"The collection afterwards.\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "addToCollection",
        },
        lists: &[
            contract::ListBound {
                path: &["addToCollection", "alreadyThere"],
                max: contract::ListMax::Items(50),
                inner_max: None,
                next_token: None,
            },
            contract::ListBound {
                path: &["addToCollection", "unknown"],
                max: contract::ListMax::Items(50),
                inner_max: None,
                next_token: None,
            },
        ],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["collections:write"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "mutation",
                ty: "Mutation",
            },
            contract::Use::Fields {
                of: "Collection",
                fields: &[
                    contract::UsedField::new("createdAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("description", "String", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("itemCount", "Int!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("updatedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("visibility", "Visibility!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "CollectionChange",
                fields: &[
                    contract::UsedField::new("added", "Int!", &[]),
                    contract::UsedField::new("alreadyThere", "[ID!]!", &[]),
                    contract::UsedField::new("collection", "Collection!", &[]),
                    contract::UsedField::new("unknown", "[ID!]!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Mutation",
                fields: &[
                    contract::UsedField::new(
                        "addToCollection",
                        "CollectionChange",
                        &[contract::Given::value("input", "AddToCollectionInput!")],
                    ),
                ],
            },
            contract::Use::Input(
                &contract::UsedInput {
                    name: "AddToCollectionInput",
                    fields: &[
                        contract::Given::variable("collectionId", "ID!"),
                        contract::Given::variable("companyIds", "[ID!]!"),
                    ],
                },
            ),
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/write/create_collection.graphql`.
///
/// Make a new, empty collection of companies that belongs to the caller.
#[allow(unused_imports, unused_qualifications)]
pub mod create_collection {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// Unique among the caller's collections.
        pub name: String,
        /// What the collection is for.
        #[cynic(skip_serializing_if = "Option::is_none")]
        #[serde(default)]
        pub description: Option<String>,
    }
    /// What the operation answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Mutation", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct CreateCollection {
        /// Makes a collection that belongs to the caller.
        #[arguments(input:{name:$name, description:$description})]
        #[cynic(rename = "createCollection")]
        #[serde(
            rename = "createCollection",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub create_collection: Option<Collection>,
    }
    ::appsync_mcp::object!(CreateCollection);
    /// A caller's own list of companies.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Collection", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Collection {
        /// The collection's id.
        pub id: ID,
        /// Unique among its owner's.
        pub name: String,
        /// What the collection is for.
        #[serde(deserialize_with = "::appsync_mcp::__private::present")]
        pub description: Option<String>,
        /// Who may see it.
        pub visibility: Visibility,
        /// How many companies are in it.
        #[cynic(rename = "itemCount")]
        #[serde(rename = "itemCount")]
        pub item_count: i32,
        /// When it was created.
        #[cynic(rename = "createdAt")]
        #[serde(rename = "createdAt")]
        pub created_at: AWSDateTime,
        /// When it was updated.
        #[cynic(rename = "updatedAt")]
        #[serde(rename = "updatedAt")]
        pub updated_at: AWSDateTime,
    }
    ::appsync_mcp::object!(Collection);
    impl contract::Operation for CreateCollection {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "create_collection",
        title: "Create a collection",
        description: "Make a new, empty collection of companies that belongs to the caller.",
        kind: contract::Kind::Write {
            destructive: false,
            idempotent: false,
        },
        open_world: false,
        operation_name: "CreateCollection",
        document: &[
            contract::Segment {
                any: &[],
                text: "mutation CreateCollection($name: String!",
            },
            contract::Segment {
                any: &["description"],
                text: " $description: String",
            },
            contract::Segment {
                any: &[],
                text: ") {\n  createCollection(input: {name: $name",
            },
            contract::Segment {
                any: &["description"],
                text: " description: $description",
            },
            contract::Segment {
                any: &[],
                text: "}) {\n    ...CollectionSummary\n  }\n}\n\nfragment CollectionSummary on Collection {\n  id\n  name\n  description\n  visibility\n  itemCount\n  createdAt\n  updatedAt\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "name",
                description: "Unique among the caller's collections.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[contract::Normalize::Trim],
                        length_min: 1,
                        length_max: 100,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("\"SaaS in Germany\""),
            },
            contract::Argument {
                name: "description",
                description: "What the collection is for.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "String",
                        normalize: &[],
                        length_min: 0,
                        length_max: 2000,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Omitted,
                example: Some("\"Candidates for the spring campaign\""),
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"description\":\"Unique among the caller's collections. From 1 to 100 characters.\"},\"description\":{\"type\":\"string\",\"maxLength\":2000,\"description\":\"What the collection is for.\"}},\"required\":[\"name\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Unique among its owner's.\"},\"description\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"visibility\":{\"type\":\"string\",\"description\":\"Who may see it. Known values: PRIVATE, TEAM.\"},\"itemCount\":{\"type\":\"integer\",\"description\":\"How many companies are in it.\"},\"createdAt\":{\"type\":\"string\"},\"updatedAt\":{\"type\":\"string\"},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "createCollection",
        },
        lists: &[],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["collections:write"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::CognitoUserPools,
                groups: &[],
            },
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "mutation",
                ty: "Mutation",
            },
            contract::Use::Fields {
                of: "Collection",
                fields: &[
                    contract::UsedField::new("createdAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("description", "String", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("itemCount", "Int!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                    contract::UsedField::new("updatedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("visibility", "Visibility!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Mutation",
                fields: &[
                    contract::UsedField::new(
                        "createCollection",
                        "Collection",
                        &[contract::Given::value("input", "CreateCollectionInput!")],
                    ),
                ],
            },
            contract::Use::Input(
                &contract::UsedInput {
                    name: "CreateCollectionInput",
                    fields: &[
                        contract::Given::variable("description", "String"),
                        contract::Given::variable("name", "String!"),
                    ],
                },
            ),
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
/// Generated from `operations/write/request_email_discovery.graphql`.
///
/// Ask the platform to find contact e-mails of a company's owners and executives. Every call costs credits, also a repeated one, so ask the user first. The e-mails show up in get_company later.
#[allow(unused_imports, unused_qualifications)]
pub mod request_email_discovery {
    use super::*;
    /// The operation's variables.
    #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
    #[serde(crate = "::appsync_mcp::__private::serde")]
    #[schemars(crate = "::appsync_mcp::__private::schemars")]
    #[serde(deny_unknown_fields)]
    pub struct Variables {
        /// As search_companies returns it.
        #[cynic(rename = "companyId")]
        #[serde(rename = "companyId")]
        pub company_id: ID,
    }
    /// What the operation answers.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Mutation", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct RequestEmailDiscovery {
        /// Asks the platform to find contact e-mails. Each call costs credits.
        #[arguments(
            input:{companyId:$company_id,
            target:{seniorities:[OWNER,
            EXECUTIVE],
            limit:5}}
        )]
        #[cynic(rename = "requestEmailDiscovery")]
        #[serde(
            rename = "requestEmailDiscovery",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub request_email_discovery: Option<EmailDiscovery>,
    }
    ::appsync_mcp::object!(RequestEmailDiscovery);
    /// A request to find contact e-mails, and how far it is.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "EmailDiscovery", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct EmailDiscovery {
        /// The request's id.
        pub id: ID,
        /// How far it is.
        pub status: DiscoveryStatus,
        /// The company it is for.
        pub company: Company,
        /// Credits that it cost.
        #[cynic(rename = "creditsCharged")]
        #[serde(rename = "creditsCharged")]
        pub credits_charged: i32,
        /// Credits that the caller has left.
        #[cynic(rename = "creditsLeft")]
        #[serde(rename = "creditsLeft")]
        pub credits_left: i32,
        /// When it was requested.
        #[cynic(rename = "requestedAt")]
        #[serde(rename = "requestedAt")]
        pub requested_at: AWSDateTime,
        /// When it is expected.
        #[cynic(rename = "expectedAt")]
        #[serde(
            rename = "expectedAt",
            deserialize_with = "::appsync_mcp::__private::present"
        )]
        pub expected_at: Option<AWSDateTime>,
    }
    ::appsync_mcp::object!(EmailDiscovery);
    /// A company's public profile, as the platform knows it today.
    #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
    #[cynic(graphql_type = "Company", variables = "Variables", no_deserialize)]
    #[serde(
        crate = "::appsync_mcp::__private::serde",
        remote = "Self",
        deny_unknown_fields
    )]
    pub struct Company {
        /// The company's id.
        pub id: ID,
        /// Trade name.
        pub name: String,
    }
    ::appsync_mcp::object!(Company);
    impl contract::Operation for RequestEmailDiscovery {
        const SPEC: &'static contract::ToolSpec = &SPEC;
        type Variables = Variables;
        type Data = Self;
    }
    /// What the build says of the tool.
    pub static SPEC: contract::ToolSpec = contract::ToolSpec {
        name: "request_email_discovery",
        title: "Request an e-mail discovery",
        description: "Ask the platform to find contact e-mails of a company's owners and executives. Every call costs credits, also a repeated one, so ask the user first. The e-mails show up in get_company later.",
        kind: contract::Kind::Write {
            destructive: false,
            idempotent: false,
        },
        open_world: true,
        operation_name: "RequestEmailDiscovery",
        document: &[
            contract::Segment {
                any: &[],
                text: "mutation RequestEmailDiscovery($companyId: ID!) {\n  requestEmailDiscovery(input: {companyId: $companyId target: {seniorities: [OWNER EXECUTIVE] limit: 5}}) {\n    id\n    status\n    company {\n      id\n      name\n    }\n    creditsCharged\n    creditsLeft\n    requestedAt\n    expectedAt\n  }\n}\n",
            },
        ],
        arguments: &[
            contract::Argument {
                name: "companyId",
                description: "As search_companies returns it.",
                value: contract::Position {
                    input: contract::Input::Text {
                        scalar: "ID",
                        normalize: &[],
                        length_min: 1,
                        length_max: 64,
                        pattern: None,
                        empty: false,
                    },
                    nullable: false,
                },
                absent: contract::Absent::Required,
                example: Some("\"c-00042\""),
            },
        ],
        input_schema: "{\"type\":\"object\",\"properties\":{\"companyId\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":64,\"description\":\"As search_companies returns it.\"}},\"required\":[\"companyId\"]}",
        output_schema: "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\",\"description\":\"The request's id.\"},\"status\":{\"type\":\"string\",\"description\":\"How far it is. Known values: COMPLETED, FAILED, QUEUED, RUNNING.\"},\"company\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\",\"description\":\"Trade name.\"}}},\"creditsCharged\":{\"type\":\"integer\",\"description\":\"Credits that it cost.\"},\"creditsLeft\":{\"type\":\"integer\",\"description\":\"Credits that the caller has left.\"},\"requestedAt\":{\"type\":\"string\"},\"expectedAt\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"__notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
        output: contract::Output::Object {
            key: "requestEmailDiscovery",
        },
        lists: &[],
        marks: &[],
        bindings: &[],
        disabled: None,
        verified: contract::Verified::Sandbox,
        resolver: None,
        undo: None,
        scopes: &["emails:write"],
        access: &[
            contract::Access {
                mode: ::appsync_mcp::Mode::Oidc,
                groups: &[],
            },
        ],
        uses: &[
            contract::Use::Root {
                operation: "mutation",
                ty: "Mutation",
            },
            contract::Use::Fields {
                of: "Company",
                fields: &[
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("name", "String!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "EmailDiscovery",
                fields: &[
                    contract::UsedField::new("company", "Company!", &[]),
                    contract::UsedField::new("creditsCharged", "Int!", &[]),
                    contract::UsedField::new("creditsLeft", "Int!", &[]),
                    contract::UsedField::new("expectedAt", "AWSDateTime", &[]),
                    contract::UsedField::new("id", "ID!", &[]),
                    contract::UsedField::new("requestedAt", "AWSDateTime!", &[]),
                    contract::UsedField::new("status", "DiscoveryStatus!", &[]),
                ],
            },
            contract::Use::Fields {
                of: "Mutation",
                fields: &[
                    contract::UsedField::new(
                        "requestEmailDiscovery",
                        "EmailDiscovery",
                        &[contract::Given::value("input", "EmailDiscoveryInput!")],
                    ),
                ],
            },
            contract::Use::Input(
                &contract::UsedInput {
                    name: "EmailDiscoveryInput",
                    fields: &[
                        contract::Given::variable("companyId", "ID!"),
                        contract::Given::value("target", "EmailTargetInput!"),
                    ],
                },
            ),
            contract::Use::Input(
                &contract::UsedInput {
                    name: "EmailTargetInput",
                    fields: &[
                        contract::Given::value("limit", "Int!"),
                        contract::Given::value("seniorities", "[Seniority!]!"),
                    ],
                },
            ),
            contract::Use::Values {
                of: "Seniority",
                values: &["EXECUTIVE", "OWNER"],
            },
        ],
        rate: None,
        timeout_seconds: 20,
        result_bytes_max: 262144,
    };
}
