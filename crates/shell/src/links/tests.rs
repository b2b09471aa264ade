use campana_contract::Delivery;

use super::{chat, map};

fn shown(delivery: &Delivery) -> Option<String> {
    map(delivery).map(String::from)
}

#[test]
fn the_map_looks_for_the_coordinates_else_for_what_is_written() {
    let mut delivery = Delivery {
        street: Some("Av. Hidalgo".into()),
        number: Some("214 #3".into()),
        city: Some("León".into()),
        ..Delivery::default()
    };
    let written =
        "https://www.google.com/maps/search/?api=1&query=Av.+Hidalgo+214+%233%2C+Le%C3%B3n";
    assert_eq!(shown(&delivery).as_deref(), Some(written));
    (delivery.latitude, delivery.longitude) = (Some(20.54), Some(-102.79));
    let measured = "https://www.google.com/maps/search/?api=1&query=20.54%2C-102.79";
    assert_eq!(shown(&delivery).as_deref(), Some(measured));
    let whole = Delivery {
        full_address: Some("Calle 5, junto al kiosco".into()),
        ..Delivery::default()
    };
    assert!(shown(&whole).is_some_and(|url| url.ends_with("query=Calle+5%2C+junto+al+kiosco")));
    assert_eq!(shown(&Delivery::default()), None);
}

#[test]
fn what_an_order_says_never_leads_anywhere_else() {
    let hostile = Delivery {
        street: Some("x&query=y#//evil.example/?a=\nHost: z".into()),
        ..Delivery::default()
    };
    let url = map(&hostile);
    assert_eq!(
        url.as_ref().and_then(|url| url.host_str()),
        Some("www.google.com")
    );
    assert_eq!(url.map(|url| url.query_pairs().count()), Some(2));
    for address in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//evil.example",
    ] {
        let whole = Delivery {
            full_address: Some(address.into()),
            ..Delivery::default()
        };
        let url = map(&whole);
        let place = url.as_ref().map(|url| (url.scheme(), url.host_str()));
        assert_eq!(place, Some(("https", Some("www.google.com"))), "{address}");
    }
    assert_eq!(chat("33/../@evil.example").map(String::from), None);
}

#[test]
fn a_number_without_its_country_is_mexican() {
    let number = |phone| chat(phone).map(String::from);
    for written in [
        "33 1234 5678",
        "(33) 1234-5678",
        "+52 33 1234 5678",
        "523312345678",
    ] {
        assert_eq!(
            number(written).as_deref(),
            Some("https://wa.me/523312345678"),
            "{written}"
        );
    }
    assert_eq!(
        number("+1 415 555 0123").as_deref(),
        Some("https://wa.me/14155550123")
    );
    for none in ["", "sin teléfono", "12345", "1234567890123456"] {
        assert_eq!(number(none), None, "{none}");
    }
}
