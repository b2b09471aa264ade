//! What of an order a browser can show: where it goes, and a chat with whom it is for. The window names
//! the order; the address is made here, so that no page can make this computer open another one.

#[cfg(test)]
mod tests;

use campana_contract::Delivery;
use url::Url;

/// Mexico, for numbers that are written without their country.
const COUNTRY: &str = "52";
/// Digits of a number without its country.
const NATIONAL: usize = 10;

/// A search for where the order goes ([Maps URLs](https://developers.google.com/maps/documentation/urls/get-started)):
/// by its coordinates where it has them. `None` where nothing says where.
pub fn map(delivery: &Delivery) -> Option<Url> {
    let place = match (delivery.latitude, delivery.longitude) {
        (Some(latitude), Some(longitude)) => format!("{latitude},{longitude}"),
        _ => written(delivery),
    };
    if place.is_empty() {
        return None;
    }
    let query = [("api", "1"), ("query", &place)];
    Url::parse_with_params("https://www.google.com/maps/search/", query).ok()
}

fn written(delivery: &Delivery) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let street = format!("{} {}", text(&delivery.street), text(&delivery.number));
    let parts = if text(&delivery.street).trim().is_empty() {
        vec![text(&delivery.full_address)]
    } else {
        vec![
            street,
            text(&delivery.neighborhood),
            text(&delivery.zip_code),
            text(&delivery.city),
            text(&delivery.state),
        ]
    };
    let parts = parts.iter().map(|part| part.trim());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// A chat with this number ([click to chat](https://faq.whatsapp.com/5913398998672934)); `None` where it is none.
pub fn chat(phone: &str) -> Option<Url> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_national = digits.len() == NATIONAL && !phone.trim_start().starts_with('+');
    let number = if is_national {
        format!("{COUNTRY}{digits}")
    } else {
        digits
    };
    // E.164 has at most 15 digits; no country has numbers of fewer than seven.
    if !(NATIONAL..=15).contains(&number.len()) {
        return None;
    }
    Url::parse(&format!("https://wa.me/{number}")).ok()
}
