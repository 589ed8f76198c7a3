//! What AWS answers → the same without accounts, roles and sessions: it goes into the logs of CI.

/// The digits of an AWS account's id.
const ACCOUNT_DIGITS: usize = 12;

/// The parts of an ARN that name nobody: `arn`, the partition and the service.
const ARN_PARTS: usize = 3;

/// Returns a text with `arn:aws:sts::…` for an ARN, and asterisks for what may be an account's id.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.find("arn:").map(|at| rest.split_at(at)) {
        let ends = |c: char| c.is_whitespace() || "\"'`()[]{}<>;".contains(c);
        let (arn, after) = from.split_at(from.find(ends).unwrap_or(from.len()));
        let parts: Vec<&str> = arn.splitn(ARN_PARTS + 1, ':').take(ARN_PARTS).collect();
        out.push_str(&without_accounts(before));
        out.push_str(&parts.join(":"));
        out.push_str("::…");
        rest = after;
    }
    out + &without_accounts(rest)
}

fn without_accounts(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let (digits, after) = from.split_at(from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len()));
        out.push_str(before);
        if digits.len() == ACCOUNT_DIGITS {
            out.push_str(&"*".repeat(ACCOUNT_DIGITS));
        } else {
            out.push_str(digits);
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn nobody_is_named() {
        for (text, expected) in [
            (
                "User: arn:aws:sts::111122223333:assumed-role/Admin/a@example.com is not authorized on \
                 (arn:aws-cn:iam::111122223333:role/b) of 111122223333, HTTP 403",
                "User: arn:aws:sts::… is not authorized on (arn:aws-cn:iam::…) of ************, HTTP 403",
            ),
            ("account=111122223333", "account=************"),
            ("1234567890123 12345678901 é1", "1234567890123 12345678901 é1"),
            ("no such thing", "no such thing"),
            ("", ""),
        ] {
            assert_eq!(masked(text), expected);
        }
    }
}
