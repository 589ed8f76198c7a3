//! The words that companies are made of: real countries, cities and trades, invented names.
//!
//! Invariant: every host is under `.example` and every phone number is one that is reserved for fiction where its country
//! reserves some, so nothing that is made up here reaches anybody.

/// A city and where it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct City {
    pub(crate) name: &'static str,
    pub(crate) region: &'static str,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
}

/// A country, and how companies there write things. `#` stands for a digit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) weight: u32,
    pub(crate) currency: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) postal_code: &'static str,
    pub(crate) legal_forms: &'static [&'static str],
    pub(crate) cities: &'static [City],
}

/// A line of business, and what companies in it do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Industry {
    pub(crate) value: &'static str,
    pub(crate) weight: u32,
    pub(crate) label: &'static str,
    pub(crate) nace: &'static str,
    pub(crate) naics: &'static str,
    pub(crate) nouns: &'static [&'static str],
    pub(crate) products: &'static [&'static str],
    pub(crate) technologies: &'static [&'static str],
}

const fn city(name: &'static str, region: &'static str, latitude: f64, longitude: f64) -> City {
    City {
        name,
        region,
        latitude,
        longitude,
    }
}

const fn country(
    code: &'static str,
    weight: u32,
    currency: &'static str,
    [phone, postal_code]: [&'static str; 2],
    legal_forms: &'static [&'static str],
    cities: &'static [City],
) -> Country {
    Country {
        code,
        weight,
        currency,
        phone,
        postal_code,
        legal_forms,
        cities,
    }
}

/// Countries, with a weight that follows the platform's customers and not the size of economies.
#[rustfmt::skip]
pub(crate) static COUNTRIES: &[Country] = &[
    country("DE", 180, "EUR", ["+49 30 23125 ###", "#####"], &["GmbH", "GmbH", "AG", "GmbH & Co. KG"], &[
        city("Berlin", "Berlin", 52.52, 13.40), city("Hamburg", "Hamburg", 53.55, 9.99), city("Munich", "Bavaria", 48.14, 11.58),
        city("Cologne", "North Rhine-Westphalia", 50.94, 6.96), city("Frankfurt", "Hesse", 50.11, 8.68),
        city("Stuttgart", "Baden-Württemberg", 48.78, 9.18), city("Leipzig", "Saxony", 51.34, 12.37), city("Düsseldorf", "North Rhine-Westphalia", 51.23, 6.77)]),
    country("US", 170, "USD", ["+1 212 555 01##", "#####"], &["Inc.", "Inc.", "LLC", "Corp."], &[
        city("New York", "New York", 40.71, -74.01), city("San Francisco", "California", 37.77, -122.42), city("Austin", "Texas", 30.27, -97.74),
        city("Boston", "Massachusetts", 42.36, -71.06), city("Chicago", "Illinois", 41.88, -87.63), city("Seattle", "Washington", 47.61, -122.33),
        city("Denver", "Colorado", 39.74, -104.99), city("Atlanta", "Georgia", 33.75, -84.39)]),
    country("GB", 100, "GBP", ["+44 20 7946 0###", "EC#A #BB"], &["Ltd", "Ltd", "plc", "LLP"], &[
        city("London", "England", 51.51, -0.13), city("Manchester", "England", 53.48, -2.24), city("Edinburgh", "Scotland", 55.95, -3.19),
        city("Bristol", "England", 51.45, -2.59), city("Cardiff", "Wales", 51.48, -3.18)]),
    country("FR", 80, "EUR", ["+33 1 99 00 ## ##", "#####"], &["SAS", "SARL", "SA"], &[
        city("Paris", "Île-de-France", 48.86, 2.35), city("Lyon", "Auvergne-Rhône-Alpes", 45.76, 4.84), city("Marseille", "Provence", 43.30, 5.37),
        city("Toulouse", "Occitanie", 43.60, 1.44), city("Nantes", "Pays de la Loire", 47.22, -1.55)]),
    country("NL", 45, "EUR", ["+31 20 555 01##", "#### AB"], &["B.V.", "N.V."], &[
        city("Amsterdam", "North Holland", 52.37, 4.90), city("Rotterdam", "South Holland", 51.92, 4.48), city("Eindhoven", "North Brabant", 51.44, 5.47)]),
    country("ES", 40, "EUR", ["+34 91 555 01##", "#####"], &["S.L.", "S.A."], &[
        city("Madrid", "Madrid", 40.42, -3.70), city("Barcelona", "Catalonia", 41.39, 2.17), city("Valencia", "Valencia", 39.47, -0.38)]),
    country("IT", 40, "EUR", ["+39 02 5550 01##", "#####"], &["S.r.l.", "S.p.A."], &[
        city("Milan", "Lombardy", 45.46, 9.19), city("Rome", "Lazio", 41.90, 12.50), city("Turin", "Piedmont", 45.07, 7.69)]),
    country("CH", 35, "CHF", ["+41 44 555 01 ##", "####"], &["AG", "GmbH", "SA"], &[
        city("Zurich", "Zurich", 47.37, 8.54), city("Geneva", "Geneva", 46.20, 6.14), city("Basel", "Basel-Stadt", 47.56, 7.59)]),
    country("AT", 30, "EUR", ["+43 1 555 01##", "####"], &["GmbH", "AG"], &[
        city("Vienna", "Vienna", 48.21, 16.37), city("Graz", "Styria", 47.07, 15.44), city("Linz", "Upper Austria", 48.31, 14.29)]),
    country("SE", 28, "SEK", ["+46 8 465 004 ##", "### ##"], &["AB"], &[
        city("Stockholm", "Stockholm", 59.33, 18.07), city("Gothenburg", "Västra Götaland", 57.71, 11.97), city("Malmö", "Skåne", 55.60, 13.00)]),
    country("PL", 26, "PLN", ["+48 22 555 01 ##", "##-###"], &["sp. z o.o.", "S.A."], &[
        city("Warsaw", "Masovia", 52.23, 21.01), city("Kraków", "Lesser Poland", 50.06, 19.94), city("Wrocław", "Lower Silesia", 51.11, 17.04)]),
    country("CA", 26, "CAD", ["+1 416 555 01##", "M#V #A#"], &["Inc.", "Ltd."], &[
        city("Toronto", "Ontario", 43.65, -79.38), city("Montréal", "Québec", 45.50, -73.57), city("Vancouver", "British Columbia", 49.28, -123.12)]),
    country("IN", 24, "INR", ["+91 22 5550 01##", "######"], &["Pvt. Ltd.", "Ltd."], &[
        city("Bengaluru", "Karnataka", 12.97, 77.59), city("Mumbai", "Maharashtra", 19.08, 72.88), city("Pune", "Maharashtra", 18.52, 73.86)]),
    country("AU", 20, "AUD", ["+61 2 5550 ####", "####"], &["Pty Ltd"], &[
        city("Sydney", "New South Wales", -33.87, 151.21), city("Melbourne", "Victoria", -37.81, 144.96)]),
    country("BE", 18, "EUR", ["+32 2 555 01 ##", "####"], &["BV", "NV"], &[
        city("Brussels", "Brussels", 50.85, 4.35), city("Antwerp", "Flanders", 51.22, 4.40), city("Ghent", "Flanders", 51.05, 3.72)]),
    country("DK", 16, "DKK", ["+45 55 50 01 ##", "####"], &["ApS", "A/S"], &[
        city("Copenhagen", "Capital Region", 55.68, 12.57), city("Aarhus", "Central Denmark", 56.16, 10.20)]),
    country("NO", 14, "NOK", ["+47 55 50 01 ##", "####"], &["AS"], &[city("Oslo", "Oslo", 59.91, 10.75), city("Bergen", "Vestland", 60.39, 5.32)]),
    country("FI", 14, "EUR", ["+358 9 555 01##", "#####"], &["Oy", "Oyj"], &[city("Helsinki", "Uusimaa", 60.17, 24.94), city("Tampere", "Pirkanmaa", 61.50, 23.76)]),
    country("IE", 14, "EUR", ["+353 20 913 01##", "D## A###"], &["Ltd", "DAC"], &[city("Dublin", "Leinster", 53.35, -6.26), city("Cork", "Munster", 51.90, -8.47)]),
    country("PT", 12, "EUR", ["+351 21 555 01##", "####-###"], &["Lda.", "S.A."], &[city("Lisbon", "Lisbon", 38.72, -9.14), city("Porto", "Norte", 41.16, -8.63)]),
    country("CZ", 12, "CZK", ["+420 255 501 0##", "### ##"], &["s.r.o.", "a.s."], &[city("Prague", "Prague", 50.08, 14.44), city("Brno", "South Moravia", 49.20, 16.61)]),
    country("JP", 12, "JPY", ["+81 3 5550 01##", "###-####"], &["K.K."], &[city("Tokyo", "Tokyo", 35.68, 139.69), city("Osaka", "Osaka", 34.69, 135.50)]),
    country("SG", 10, "SGD", ["+65 6555 01##", "######"], &["Pte. Ltd."], &[city("Singapore", "Singapore", 1.35, 103.82)]),
    country("IL", 10, "ILS", ["+972 3 555 01##", "#######"], &["Ltd."], &[city("Tel Aviv", "Tel Aviv", 32.09, 34.78), city("Haifa", "Haifa", 32.79, 34.99)]),
    country("BR", 10, "BRL", ["+55 11 5550 01##", "#####-###"], &["Ltda.", "S.A."], &[city("São Paulo", "São Paulo", -23.55, -46.63), city("Curitiba", "Paraná", -25.43, -49.27)]),
    country("MX", 8, "MXN", ["+52 55 5550 01##", "#####"], &["S.A. de C.V."], &[city("Mexico City", "Mexico City", 19.43, -99.13), city("Monterrey", "Nuevo León", 25.69, -100.32)]),
    country("ZA", 7, "ZAR", ["+27 21 555 01##", "####"], &["(Pty) Ltd"], &[city("Cape Town", "Western Cape", -33.92, 18.42), city("Johannesburg", "Gauteng", -26.20, 28.05)]),
    country("KR", 7, "KRW", ["+82 2 5550 01##", "#####"], &["Co., Ltd."], &[city("Seoul", "Seoul", 37.57, 126.98)]),
    country("AE", 7, "AED", ["+971 4 555 01##", "#####"], &["LLC", "FZCO"], &[city("Dubai", "Dubai", 25.20, 55.27), city("Abu Dhabi", "Abu Dhabi", 24.45, 54.38)]),
    country("RO", 7, "RON", ["+40 21 555 01##", "######"], &["S.R.L.", "S.A."], &[city("Bucharest", "Bucharest", 44.43, 26.10), city("Cluj-Napoca", "Cluj", 46.77, 23.62)]),
    country("EE", 6, "EUR", ["+372 655 50##", "#####"], &["OÜ", "AS"], &[city("Tallinn", "Harju", 59.44, 24.75), city("Tartu", "Tartu", 58.38, 26.72)]),
    country("HU", 6, "HUF", ["+36 1 555 01##", "####"], &["Kft.", "Zrt."], &[city("Budapest", "Budapest", 47.50, 19.04)]),
    country("TR", 6, "TRY", ["+90 212 555 01 ##", "#####"], &["A.Ş.", "Ltd. Şti."], &[city("Istanbul", "Istanbul", 41.01, 28.98), city("Ankara", "Ankara", 39.93, 32.86)]),
    country("NZ", 5, "NZD", ["+64 9 555 01##", "####"], &["Limited"], &[city("Auckland", "Auckland", -36.85, 174.76), city("Wellington", "Wellington", -41.29, 174.78)]),
    country("GR", 5, "EUR", ["+30 21 0555 01##", "### ##"], &["I.K.E.", "S.A."], &[city("Athens", "Attica", 37.98, 23.73)]),
    country("LT", 4, "EUR", ["+370 5 255 01##", "LT-#####"], &["UAB"], &[city("Vilnius", "Vilnius", 54.69, 25.28)]),
    country("LV", 4, "EUR", ["+371 65 550 1##", "LV-####"], &["SIA"], &[city("Riga", "Riga", 56.95, 24.11)]),
    country("LU", 3, "EUR", ["+352 55 50 1#", "L-####"], &["S.à r.l."], &[city("Luxembourg", "Luxembourg", 49.61, 6.13)]),
    country("CL", 3, "CLP", ["+56 2 5550 01##", "#######"], &["SpA"], &[city("Santiago", "Santiago", -33.45, -70.67)]),
    country("KE", 3, "KES", ["+254 20 555 01##", "#####"], &["Ltd"], &[city("Nairobi", "Nairobi", -1.29, 36.82)]),
    country("IS", 2, "ISK", ["+354 555 01##", "###"], &["ehf."], &[city("Reykjavík", "Capital Region", 64.15, -21.94)]),
    country("MT", 2, "EUR", ["+356 2555 01##", "VLT ####"], &["Ltd"], &[city("Valletta", "Malta", 35.90, 14.51)]),
];

/// Lines of business: the values of the schema's enum `Industry`.
#[rustfmt::skip]
pub(crate) static INDUSTRIES: &[Industry] = &[
    Industry { value: "SOFTWARE", weight: 22, label: "Software and IT services", nace: "62.01", naics: "513210",
        nouns: &["Software", "Labs", "Cloud", "Systems", "Data", "Digital"],
        products: &["SaaS for accounting teams", "a SaaS platform for field service", "SaaS tools that plan shifts", "a SaaS product for online shops",
            "developer tools", "cyber security services", "machine learning models", "custom software", "a data warehouse in the cloud"],
        technologies: &["Rust", "TypeScript", "React", "GraphQL", "Kubernetes", "AWS", "PostgreSQL", "Terraform", "Snowflake", "Kafka"] },
    Industry { value: "FINANCE", weight: 8, label: "Banking, insurance and payments", nace: "64.19", naics: "522110",
        nouns: &["Capital", "Pay", "Insurance", "Bank", "Invest"],
        products: &["payment terminals", "SaaS for lenders", "insurance for small fleets", "factoring", "pension plans"],
        technologies: &["Java", "Oracle", "AWS", "Salesforce", "Kafka", "Temenos"] },
    Industry { value: "HEALTHCARE", weight: 8, label: "Medicine, care and biotechnology", nace: "86.10", naics: "622110",
        nouns: &["Health", "Bio", "Care", "Medical", "Pharma"],
        products: &["diagnostics for clinics", "implants", "home care", "a telemedicine platform", "laboratory automation"],
        technologies: &["Epic", "SAP", "Azure", "Python", "HL7"] },
    Industry { value: "MANUFACTURING", weight: 13, label: "Making of goods", nace: "25.62", naics: "332710",
        nouns: &["Works", "Industries", "Tools", "Machines", "Precision"],
        products: &["milled parts", "packaging machines", "valves and pumps", "industrial robots", "sensors", "furniture"],
        technologies: &["SAP", "Siemens NX", "OPC UA", "SolidWorks", "Power BI"] },
    Industry { value: "RETAIL", weight: 9, label: "Wholesale and retail trade", nace: "47.91", naics: "455110",
        nouns: &["Market", "Trade", "Outfitters", "Stores", "Goods"],
        products: &["outdoor clothing", "kitchen equipment", "spare parts for bicycles", "organic food", "toys"],
        technologies: &["Shopify", "Magento", "Klaviyo", "Google Analytics", "Stripe"] },
    Industry { value: "LOGISTICS", weight: 6, label: "Transport and storage", nace: "52.29", naics: "488510",
        nouns: &["Logistics", "Freight", "Cargo", "Express"],
        products: &["refrigerated transport", "customs clearance", "last mile delivery", "warehouses for rent", "SaaS for dispatchers"],
        technologies: &["SAP", "Transporeon", "AWS", "Samsara"] },
    Industry { value: "ENERGY", weight: 5, label: "Electricity, gas and renewable sources", nace: "35.11", naics: "221114",
        nouns: &["Energy", "Solar", "Power", "Grid"],
        products: &["solar parks", "heat pumps", "charging stations", "battery storage", "wind turbine maintenance"],
        technologies: &["SCADA", "Python", "InfluxDB", "AWS IoT"] },
    Industry { value: "CONSTRUCTION", weight: 7, label: "Building and civil engineering", nace: "41.20", naics: "236220",
        nouns: &["Build", "Construction", "Engineering", "Homes"],
        products: &["timber houses", "bridges and tunnels", "roof renovation", "modular offices"],
        technologies: &["Revit", "AutoCAD", "Procore", "SAP"] },
    Industry { value: "EDUCATION", weight: 4, label: "Schools, universities and training", nace: "85.59", naics: "611430",
        nouns: &["Academy", "Learning", "Campus", "School"],
        products: &["language courses", "a SaaS platform for schools", "safety training", "exam preparation"],
        technologies: &["Moodle", "Zoom", "WordPress", "Google Workspace"] },
    Industry { value: "MEDIA", weight: 5, label: "Publishing, film, music and advertising", nace: "58.14", naics: "513120",
        nouns: &["Media", "Studios", "Press", "Films"],
        products: &["trade magazines", "podcasts", "advertising campaigns", "animated films"],
        technologies: &["Adobe Creative Cloud", "WordPress", "HubSpot", "Unreal Engine"] },
    Industry { value: "HOSPITALITY", weight: 4, label: "Hotels, restaurants and travel", nace: "55.10", naics: "721110",
        nouns: &["Hotels", "Travel", "Resorts", "Kitchens"],
        products: &["city hotels", "hiking tours", "catering for companies", "booking software"],
        technologies: &["Opera PMS", "Booking Engine", "Stripe", "Mailchimp"] },
    Industry { value: "AGRICULTURE", weight: 3, label: "Farming, forestry and fishing", nace: "01.13", naics: "111219",
        nouns: &["Farms", "Harvest", "Forestry", "Seeds"],
        products: &["organic vegetables", "seeds", "timber", "drones that watch fields"],
        technologies: &["John Deere Operations Center", "QGIS", "LoRaWAN"] },
    Industry { value: "PROFESSIONAL_SERVICES", weight: 7, label: "Law, accounting, consulting and the like", nace: "70.22", naics: "541611",
        nouns: &["Partners", "Consulting", "Advisors", "Associates"],
        products: &["tax advice", "management consulting", "SaaS for law firms", "executive search", "patent services"],
        technologies: &["Microsoft 365", "DATEV", "Salesforce", "Power BI"] },
    Industry { value: "TELECOMMUNICATIONS", weight: 3, label: "Phone and network operators", nace: "61.10", naics: "517111",
        nouns: &["Telecom", "Networks", "Fiber", "Mobile"],
        products: &["fibre connections", "roaming for machines", "satellite links", "cloud telephony"],
        technologies: &["Cisco", "OpenStack", "5G Core", "Asterisk"] },
];

/// First, middle and last syllables of invented names.
pub(crate) static NAME_STARTS: &[&str] = &[
    "Al", "Bel", "Bran", "Cal", "Cor", "Dal", "El", "Fen", "Gal", "Hal", "Is", "Jor", "Kel", "Lum", "Mar", "Nor", "Ol",
    "Per", "Quen", "Ras", "Sol", "Tam", "Ul", "Vel", "Wes", "Xan", "Yor", "Zan",
];
pub(crate) static NAME_MIDDLES: &[&str] = &["a", "e", "i", "o", "u", "ari", "evo", "ino", "ora", "umi"];
pub(crate) static NAME_ENDS: &[&str] = &[
    "bis", "cor", "dex", "fal", "gon", "lia", "lon", "mex", "nor", "pex", "ris", "sta", "tek", "tis", "vant", "via",
    "vox", "xis",
];

/// Who companies sell to.
pub(crate) static CUSTOMERS: &[&str] = &[
    "mid-sized companies",
    "public authorities",
    "families",
    "hospitals",
    "start-ups",
    "industrial groups",
    "farmers",
    "online shops",
    "the building trade",
    "schools",
];

/// Streets that could be anywhere.
pub(crate) static STREETS: &[&str] = &[
    "Station Road",
    "Harbour Street",
    "Mill Lane",
    "Market Square",
    "Linden Avenue",
    "Foundry Street",
    "Canal Walk",
    "Garden Street",
];

/// Names of people.
pub(crate) static GIVEN_NAMES: &[&str] = &[
    "Ada", "Aiko", "Amir", "Ana", "Anders", "Beatriz", "Chen", "Clara", "Daniel", "Elif", "Emma", "Femi", "Grace",
    "Hana", "Ines", "Ivan", "Jonas", "Katarina", "Lars", "Leila", "Luca", "Marta", "Mei", "Nadia", "Noah", "Olga",
    "Omar", "Paula", "Priya", "Rafael", "Sofia", "Tom", "Uma", "Viktor", "Wanjiru", "Yusuf", "Zofia",
];
pub(crate) static FAMILY_NAMES: &[&str] = &[
    "Almeida",
    "Andersen",
    "Bauer",
    "Becker",
    "Costa",
    "Dubois",
    "Eriksson",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kaya",
    "Kowalski",
    "Larsen",
    "Lindqvist",
    "Martin",
    "Mensah",
    "Moreau",
    "Murphy",
    "Nakamura",
    "Novak",
    "Okafor",
    "Patel",
    "Peeters",
    "Popescu",
    "Ricci",
    "Rossi",
    "Sato",
    "Schneider",
    "Silva",
    "Smith",
    "Tamm",
    "Virtanen",
    "Walker",
    "Weber",
    "Wójcik",
    "Yamada",
];

/// Levels of people (the schema's enum `Seniority`) and what they do.
pub(crate) static ROLES: &[(&str, &[&str])] = &[
    ("OWNER", &["Founder", "Managing Partner", "Owner"]),
    (
        "EXECUTIVE",
        &[
            "Chief Executive Officer",
            "Chief Financial Officer",
            "Chief Technology Officer",
        ],
    ),
    (
        "DIRECTOR",
        &["Head of Sales", "Head of Purchasing", "Director of Engineering"],
    ),
    ("MANAGER", &["Product Manager", "Marketing Manager", "Plant Manager"]),
    ("STAFF", &["Account Executive", "Engineer", "Buyer"]),
];

/// Funds that do not exist.
pub(crate) static INVESTORS: &[&str] = &[
    "Alder Ventures",
    "Bluestone Capital",
    "Cedar Growth",
    "Drift Partners",
    "Eastwind Fund",
    "Firefly Angels",
    "Granite Equity",
    "Heron Seed Fund",
];
