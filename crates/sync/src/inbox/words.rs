//! The words of the orders, by which the history is searched. They are taken from the orders and can be
//! taken from them again: what is wrong with them is never a reason to touch an order.

use campana_contract::{Delivery, Item, Order};
use rusqlite::{Connection, TransactionBehavior, params};

use super::{Inbox, InboxError};

/// Bytes of an order that are searched; an order of a shop has a few hundred.
const MOST_BYTES: usize = 64 * 1024;
/// A phone is found by any of its digits in a row, from so many to the end on.
const SHORTEST_END: usize = 4;
/// Digits of the longest phone, by E.164.
const LONGEST_PHONE: usize = 15;
/// Words of a query, and letters of each; what is more finds nothing else.
const MOST_WORDS: usize = 16;
const LONGEST_WORD: usize = 64;

/// What an index that contradicts itself is called in [`InboxError::Damaged`].
pub(super) const AT_FAULT: &str = "the index of words contradicts itself";

/// Keeps the words of the order in this row, in place of those that were there.
pub(super) fn keep(connection: &Connection, row: i64, order: &Order) -> rusqlite::Result<()> {
    put(connection, row, &of(order))
}

fn put(connection: &Connection, row: i64, words: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO orders_words (rowid, words) VALUES (?1, ?2)")?
        .execute(params![row, words])?;
    Ok(())
}

/// Notes that the words of the order in this row are to be kept, in place of those that are there.
pub(super) fn note_missing(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO orders_without_words (row) VALUES (?1)")?
        .execute([row])?;
    Ok(())
}

/// Keeps these words of the order in this row, if it is [noted](note_missing) as being without them.
pub(super) fn keep_if_missing(
    connection: &Connection,
    row: i64,
    words: Option<&str>,
) -> rusqlite::Result<()> {
    if strike_off(connection, row)?
        && let Some(words) = words
    {
        put(connection, row, words)?;
    }
    Ok(())
}

/// Takes the note away that the words of this row are missing; whether there was one.
fn strike_off(connection: &Connection, row: i64) -> rusqlite::Result<bool> {
    let noted = connection
        .prepare_cached("DELETE FROM orders_without_words WHERE row = ?1")?
        .execute([row])?;
    Ok(noted > 0)
}

/// Forgets the words of this row.
pub(super) fn forget(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    strike_off(connection, row)?;
    connection
        .prepare_cached("DELETE FROM orders_words WHERE rowid = ?1")?
        .execute([row])?;
    Ok(())
}

/// Tidies about so many pages of the index: what was forgotten is gone from them then.
pub(super) fn tidy(connection: &Connection, pages: u32) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO orders_words (orders_words, rank) VALUES ('merge', ?1)")?
        .execute([pages])?;
    Ok(())
}

/// Takes words and moments from the orders that an earlier Campana stored.
pub(super) fn fill(connection: &Connection) -> rusqlite::Result<()> {
    let mut moment = connection.prepare("UPDATE orders SET made_at = ?2 WHERE row = ?1")?;
    let mut rows = connection.prepare("SELECT row, body, received_at FROM orders")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let (number, body, received_at): (i64, Option<String>, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let order = body.and_then(|body| Order::parse(&body).ok());
        let made_at = order.as_ref().and_then(|order| order.created_at);
        moment.execute([number, made_at.map_or(received_at, |made| made.0)])?;
        if let Some(order) = &order {
            keep(connection, number, order)?;
        }
    }
    Ok(())
}

impl Inbox {
    /// Takes the words of every order anew.
    pub(super) fn mend_words(&mut self) -> Result<(), InboxError> {
        mend(&mut self.connection)
    }

    /// Does `work`, and once more with words that were taken anew if they were at fault.
    pub(super) fn minding_words<T>(
        &mut self,
        mut work: impl FnMut(&mut Self) -> Result<T, InboxError>,
    ) -> Result<T, InboxError> {
        match work(self) {
            Err(InboxError::Damaged(reason)) if reason == AT_FAULT => {
                self.mend_words()?;
                work(self)
            }
            other => other,
        }
    }
}

/// Makes the index anew, from the orders.
pub(super) fn mend(connection: &mut Connection) -> Result<(), InboxError> {
    tracing::warn!("the index of words is made anew");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let made: String = transaction.query_row(
        "SELECT sql FROM sqlite_schema WHERE name = 'orders_words'",
        [],
        |row| row.get(0),
    )?;
    transaction.execute_batch("DROP TABLE orders_words; DELETE FROM orders_without_words")?;
    transaction.execute_batch(&made)?;
    {
        let mut rows =
            transaction.prepare("SELECT row, body FROM orders WHERE body IS NOT NULL")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let (number, body): (i64, String) = (row.get(0)?, row.get(1)?);
            if let Ok(order) = Order::parse(&body) {
                keep(&transaction, number, &order)?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

/// What can be searched of an order.
pub(super) fn of(order: &Order) -> String {
    let mut words = Words(String::new());
    if let Some(number) = order.shift_order_number {
        words.add(&number.to_string());
    }
    words.add(order.id.key());
    if let Some(customer) = &order.customer {
        words.text(&customer.first_name);
        words.text(&customer.last_name);
        words.phone(&customer.phone);
    }
    if let Some(delivery) = &order.delivery {
        words.delivery(delivery);
    }
    words.text(&order.table_id);
    words.text(&order.notes);
    for item in &order.items {
        words.item(item);
    }
    words.0
}

struct Words(String);

impl Words {
    fn add(&mut self, text: &str) {
        if self.0.len() + text.len() < MOST_BYTES {
            self.0.push_str(text);
            self.0.push(' ');
        }
    }

    fn text(&mut self, text: &Option<String>) {
        if let Some(text) = text {
            self.add(text);
        }
    }

    /// Also without what is written between its digits, and from each of them on.
    fn phone(&mut self, phone: &Option<String>) {
        self.text(phone);
        let digits: String = phone
            .iter()
            .flat_map(|phone| phone.chars())
            .filter(char::is_ascii_digit)
            .collect();
        let from = digits.len().saturating_sub(LONGEST_PHONE);
        let until = digits.len().saturating_sub(SHORTEST_END - 1);
        for start in from..until {
            self.add(digits.get(start..).unwrap_or_default());
        }
    }

    fn delivery(&mut self, delivery: &Delivery) {
        self.text(&delivery.recipient_name);
        self.phone(&delivery.recipient_phone);
        for part in [
            &delivery.name,
            &delivery.full_address,
            &delivery.street,
            &delivery.number,
            &delivery.interior_number,
            &delivery.neighborhood,
            &delivery.city,
            &delivery.zip_code,
            &delivery.instructions,
        ] {
            self.text(part);
        }
    }

    fn item(&mut self, item: &Item) {
        self.text(&item.product);
        self.text(&item.variant);
        self.text(&item.notes);
        for modifier in &item.modifiers {
            self.text(&modifier.name);
        }
        for customization in &item.customizations {
            self.text(&customization.name);
        }
    }
}

/// What to ask the index for so that each word of `text` begins a word of the order; `None` when there is
/// no word in it. Digits in several groups are also looked for as one: nobody writes a phone the same way.
pub(super) fn query(text: &str) -> Option<String> {
    let has_letter = |word: &&str| word.chars().any(char::is_alphanumeric);
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(has_letter)
        .take(MOST_WORDS)
        .collect();
    let mut asked = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let digits = rest.iter().take_while(|word| is_of_digits(word)).count();
        let (group, after) = rest.split_at(digits);
        let together = digits_of(group);
        // One that was written in one piece is looked for as it is.
        if group.len() > 1 || (group.len() == 1 && together != *first) {
            let each: Vec<String> = group.iter().map(|word| beginning(word)).collect();
            asked.push(format!("(({}) OR {together}*)", each.join(" AND ")));
            rest = after;
        } else {
            asked.push(beginning(first));
            rest = others;
        }
    }
    (!asked.is_empty()).then(|| asked.join(" AND "))
}

/// Digits and what people write between those of a phone.
fn is_of_digits(word: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_digit() || "+-.()/".contains(letter);
    word.chars().all(fits) && word.chars().any(|letter| letter.is_ascii_digit())
}

fn digits_of(words: &[&str]) -> String {
    let letters = words.iter().flat_map(|word| word.chars());
    let digits = letters.filter(char::is_ascii_digit);
    digits.take(LONGEST_WORD).collect()
}

/// Words that begin so; in quotes, so that nothing in it is taken for an operator.
fn beginning(word: &str) -> String {
    let word: String = word.chars().take(LONGEST_WORD).collect();
    format!("\"{}\"*", word.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn every_word_is_a_beginning_and_none_an_operator() {
        assert_eq!(query("ana NEAR").as_deref(), Some("\"ana\"* AND \"NEAR\"*"));
        assert_eq!(query("a\"b*").as_deref(), Some("\"a\"\"b*\"*"));
        assert_eq!(query(" \u{1F600} * - \" "), None);
        assert_eq!(query(""), None);
    }

    #[test]
    fn digits_in_groups_are_looked_for_apart_and_as_one() {
        assert_eq!(
            query("55 1234").as_deref(),
            Some("((\"55\"* AND \"1234\"*) OR 551234*)")
        );
        assert_eq!(query("+52-55").as_deref(), Some("((\"+52-55\"*) OR 5255*)"));
        assert_eq!(query("5512").as_deref(), Some("\"5512\"*"));
    }
}
