//! Taking out of a text what must not leave this computer.

mod forms;

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::{Captures, Regex, Replacer};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::view::OrderView;

/// What stands in the place of what was taken out.
const GONE: &str = "[…]";
/// What is shorter says nothing by itself, and stands in too many other words.
const SHORTEST: usize = 3;
/// Shorter words of an address stand in everything.
const SHORTEST_OF_ADDRESS: usize = 5;
/// Fewer digits are no phone.
const SHORTEST_PHONE: usize = 7;
/// Digits of a number without its country.
const NATIONAL: usize = 10;

/// Knows what must not leave this computer.
pub struct Redaction {
    keys: Vec<Regex>,
    home: Vec<Regex>,
    /// Names, addresses and notes of the present orders, and how this person and this computer are called.
    words: Vec<Regex>,
    phones: Vec<Regex>,
}

/// Whose traces are to be taken out.
pub struct Traces<'a> {
    /// The keys.
    pub keys: Vec<SecretString>,
    /// This person's folder.
    pub home: Option<PathBuf>,
    /// The names of this person and of this computer.
    pub names: Vec<String>,
    /// Orders, with what they say of people.
    pub orders: &'a [OrderView],
}

impl Redaction {
    /// Takes out all of these, however they are written.
    pub fn of(traces: &Traces<'_>) -> Self {
        let keys = traces
            .keys
            .iter()
            .map(|key| key.expose_secret().trim().to_owned());
        let home = traces
            .home
            .iter()
            .map(|home| home.display().to_string())
            .filter(|home| home.len() > 1);
        let people = traces.orders.iter().flat_map(of_people);
        let names = traces.names.iter().cloned();
        let words = people
            .chain(names)
            .map(|text| text.trim().to_owned())
            .filter(|text| text.chars().count() >= SHORTEST);
        let phones = traces.orders.iter().filter_map(|order| {
            let digits = order.phone.as_deref()?.chars();
            let digits: Vec<char> = digits.filter(char::is_ascii_digit).collect();
            let national = &digits[digits.len().saturating_sub(NATIONAL)..];
            (digits.len() >= SHORTEST_PHONE).then(|| national.iter().collect::<String>())
        });
        Self {
            keys: forms::any_of(keys, forms::of_text),
            home: forms::any_of(home, forms::of_text),
            words: forms::any_of(words, forms::of_text),
            phones: forms::any_of(phones, forms::of_phone),
        }
    }

    /// Cleans every text in it.
    pub fn clean(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.cleaned(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.clean(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.clean(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The text without all of it.
    pub fn cleaned(&self, text: &str) -> String {
        let mut text = replaced(text.to_owned(), &self.keys, GONE);
        for (pattern, replacement) in &*TELLTALE {
            text = replaced(text, std::slice::from_ref(pattern), *replacement);
        }
        text = replaced(text, &self.home, "~");
        for pattern in &self.words {
            text = without_words(&text, pattern);
        }
        text = replaced(text, &self.phones, GONE);
        without_phones(&text)
    }
}

/// What gives itself away, whoever's it is: user and password in an address, its query, the value of a header
/// that carries a secret, an e-mail address.
static TELLTALE: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r#"(://)[^\s/?#"'<>]*@"#, "${1}[…]@"),
        (
            r#"((?:https?|wss?)://[^\s"'<>?#]*[?#])[^\s"'<>]+"#,
            "${1}[…]",
        ),
        (
            r#"(?i)((?:authorization|x-(?:sync-)?api-key|api[-_]?key|cookie|password|contraseña|token)\\?["']?(?:\s|%20)*[:=](?:\s|%20)*\\?["']?)(?:(?:bearer|basic)(?:\s|%20|\+)+)?[^\s"',;\\]+"#,
            "${1}[…]",
        ),
        (r#"(?i)(bearer(?:\s|%20|\+)+)[^\s"',;\\\[]+"#, "${1}[…]"),
        (
            r"(?i)[\w.%+-]+(?:@|%40|\\u0040)[\w-]+(?:\.[\w-]+)+",
            GONE,
        ),
    ]
    .into_iter()
    .filter_map(|(pattern, replacement)| Some((Regex::new(pattern).ok()?, replacement)))
    .collect()
});

/// Eight digits or more, with what people write between them; or three groups with points, which no address of a
/// computer has like this.
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let between = forms::BETWEEN_DIGITS;
    Regex::new(&format!(
        r"(?:(?:\+|%2B)?\d(?:{between}{{0,3}}\d){{7,}})|(?:\b\d{{2,4}}\.\d{{3,4}}\.\d{{4}}\b)"
    ))
    .ok()
});

fn without_phones(text: &str) -> String {
    let Some(pattern) = &*PHONE else {
        return GONE.to_owned();
    };
    let replacement = |found: &Captures<'_>| {
        let found = &found[0];
        // Moments begin with a date: `2026-11-24`, and an hour may follow.
        let date = found.get(..10).filter(|date| is_date(date));
        let rest = &found[date.map_or(0, str::len)..];
        let digits = rest.chars().filter(char::is_ascii_digit).count();
        match date {
            Some(_) if digits < 8 => found.to_owned(),
            Some(_) | None => GONE.to_owned(),
        }
    };
    pattern.replace_all(text, replacement).into_owned()
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [4, 2, 2] && text.starts_with("20")
}

fn replaced(text: String, patterns: &[Regex], replacement: impl Replacer + Copy) -> String {
    patterns.iter().fold(text, |text, pattern| {
        pattern.replace_all(&text, replacement).into_owned()
    })
}

/// Without these words, where they are no part of a longer one.
fn without_words(text: &str, pattern: &Regex) -> String {
    let replacement = |found: &Captures<'_>| {
        let Some(whole) = found.get(0) else {
            return String::new();
        };
        let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
        let is_part = (before.ends_with(char::is_alphanumeric) && !forms::ends_escaped(before))
            || after.starts_with(char::is_alphanumeric);
        if is_part { whole.as_str() } else { GONE }.to_owned()
    };
    pattern.replace_all(text, replacement).into_owned()
}

fn of_people(order: &OrderView) -> Vec<String> {
    let address: Vec<&str> = order
        .address
        .iter()
        .flat_map(|address| {
            [
                Some(address.street.as_str()),
                address.area.as_deref(),
                address.instructions.as_deref(),
            ]
        })
        .flatten()
        .collect();
    // A text may name somebody by one name of several, and a street without its number.
    let names = order
        .customer
        .iter()
        .flat_map(|name| name.split_whitespace());
    let streets = address
        .iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| word.chars().count() >= SHORTEST_OF_ADDRESS);
    [order.customer.as_deref(), order.notes.as_deref()]
        .into_iter()
        .flatten()
        .chain(address.iter().copied())
        .chain(names)
        .chain(streets)
        .map(str::to_owned)
        .collect()
}
