//! Taking out of a text what must not leave this computer.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::view::OrderView;

/// What stands in the place of what was taken out.
const GONE: &str = "[…]";
/// Digits in a row, with what people write between them, that may be a phone.
const PHONE: usize = 8;
/// What is shorter says nothing by itself, and stands in too many other words.
const SHORTEST: usize = 3;

/// Knows what must not leave this computer.
pub struct Redaction {
    keys: Vec<SecretString>,
    home: Option<String>,
    /// Names, phones, addresses and notes of the present orders; the longest first.
    people: Vec<String>,
}

impl Redaction {
    /// Takes out these keys, this folder's name, and what these orders say of people.
    pub fn new(keys: Vec<SecretString>, home: Option<PathBuf>, orders: &[OrderView]) -> Self {
        let mut people: Vec<_> = orders
            .iter()
            .flat_map(of_people)
            .map(|text| text.trim().to_owned())
            .filter(|text| text.chars().count() >= SHORTEST)
            .collect();
        people.sort_unstable_by_key(|text| std::cmp::Reverse(text.len()));
        people.dedup();
        Self {
            keys,
            home: home
                .map(|home| home.display().to_string())
                .filter(|home| home.len() > 1),
            people,
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

    fn cleaned(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for key in &self.keys {
            let key = key.expose_secret();
            if !key.is_empty() {
                text = text.replace(key, GONE);
            }
        }
        if let Some(home) = &self.home {
            text = text.replace(home.as_str(), "~");
        }
        for said in &self.people {
            text = without_words(&text, said);
        }
        without_phones(&without_credentials(&text))
    }
}

fn of_people(order: &OrderView) -> Vec<&str> {
    let address = order.address.iter().flat_map(|address| {
        [
            Some(address.street.as_str()),
            address.area.as_deref(),
            address.instructions.as_deref(),
        ]
    });
    // A text may name somebody by one name of several.
    let names = order
        .customer
        .iter()
        .flat_map(|name| name.split_whitespace());
    [
        order.customer.as_deref(),
        order.phone.as_deref(),
        order.notes.as_deref(),
    ]
    .into_iter()
    .chain(address)
    .flatten()
    .chain(names)
    .collect()
}

/// Without these words, where they are no part of a longer one.
fn without_words(text: &str, words: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(words) {
        cleaned.push_str(before);
        let is_part =
            before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        cleaned.push_str(if is_part { words } else { GONE });
        rest = after;
    }
    cleaned + rest
}

/// Without user and password of addresses: `scheme://user:password@host`.
fn without_credentials(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        cleaned.push_str(before);
        cleaned.push_str("://");
        let end = after
            .find(|letter: char| letter.is_whitespace() || "/?#\"'<>".contains(letter))
            .unwrap_or(after.len());
        let (authority, tail) = after.split_at(end);
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                cleaned.push_str(GONE);
                cleaned.push('@');
                cleaned.push_str(host);
            }
            None => cleaned.push_str(authority),
        }
        rest = tail;
    }
    cleaned + rest
}

/// `2026-11-24`, as moments begin.
fn is_date(run: &str) -> bool {
    let parts: Vec<_> = run.split('-').map(str::len).collect();
    parts == [4, 2, 2]
}

fn without_phones(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut run = String::new();
    let end = |run: &mut String, cleaned: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        if digits >= PHONE && !is_date(run.trim_end()) {
            let blanks = run.len() - run.trim_end().len();
            cleaned.push_str(GONE);
            cleaned.push_str(&run[run.len() - blanks..]);
        } else {
            cleaned.push_str(run);
        }
        run.clear();
    };
    for letter in text.chars() {
        let belongs = letter.is_ascii_digit()
            || (!run.is_empty() && " -()".contains(letter))
            || (run.is_empty() && letter == '+');
        if !belongs {
            end(&mut run, &mut cleaned);
            cleaned.push(letter);
        } else {
            run.push(letter);
        }
    }
    end(&mut run, &mut cleaned);
    cleaned
}
