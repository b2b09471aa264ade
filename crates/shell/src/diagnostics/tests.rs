#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use campana_sync::activity::ActivityKind;
use campana_sync::settings::{Preferences, Printing};
use secrecy::SecretString;

use super::*;
use crate::projection::tests::with_sample_order;
use crate::view::CheckOutcome;

const KEY: &str = "clave-sec/reta+\"70aa\"";
/// A line of which nothing is anybody's.
const USUAL: &str = "2026-11-24T18:00:00.123456Z  INFO campana_shell::controller: the status status=InSync cause=None\n";

/// Every file of the archive by its name.
fn read(archive: Vec<u8>) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// Diagnostics in which this stands wherever a text may come from outside.
fn everywhere(planted: &str) -> Diagnostics {
    let mut view = with_sample_order();
    view.status.detail = Some(format!("no answer, {planted}."));
    view.computer.data_folder = format!("/data/{planted}/Campana");
    Diagnostics {
        made_at: Timestamp(1_795_543_200_000),
        settings: Settings {
            address: Some("https://pedidos.mitienda.mx".into()),
            certificate_authority: Some(format!("/{planted}/own.pem").into()),
            preferences: Preferences {
                printing: Printing {
                    printer: format!("({planted})"),
                    ..Printing::default()
                },
                ..Preferences::default()
            },
            ..Settings::default()
        },
        view,
        checks: vec![CheckView {
            check: "pull".into(),
            outcome: CheckOutcome::Failed,
            code: "server_error".into(),
            because: None,
            detail: Some(format!("500: \"{planted}\"")),
        }],
        activity: vec![Activity {
            at: Timestamp(1_795_543_200_000),
            kind: ActivityKind::Closed,
            went_well: false,
            detail: Some(planted.to_owned()),
            bytes: None,
            milliseconds: None,
            number: None,
        }],
        surroundings: Surroundings {
            system: "Debian GNU/Linux 12 [64-bit]".into(),
            desktop: Some(planted.to_owned()),
            ..Surroundings::default()
        },
        logs: vec![
            (
                "campana.log".into(),
                format!("2026-11-24T18:00:00.123456Z  WARN a: detail={planted}\n"),
            ),
            ("campana.1.log".into(), USUAL.into()),
        ],
    }
}

fn redaction(view: &View) -> Redaction {
    Redaction::of(&Traces {
        keys: vec![SecretString::from(KEY)],
        home: Some("/home/lucia".into()),
        names: vec!["lucia".into(), "caja-uno".into()],
        orders: &view.orders,
    })
}

fn nobody() -> Redaction {
    Redaction::of(&Traces {
        keys: Vec::new(),
        home: None,
        names: Vec::new(),
        orders: &[],
    })
}

/// A text as it may stand in another one.
fn forms(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).unwrap();
    let ascii: String = text
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii() => letter.to_string(),
            letter => format!("\\u{:04x}", u32::from(letter)),
        })
        .collect();
    let percent: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    vec![
        text.to_owned(),
        json[1..json.len() - 1].to_owned(),
        ascii,
        percent.replace('+', "%20"),
        percent.to_lowercase(),
        percent,
        text.to_uppercase(),
        text.replace(' ', "  "),
        text.replace(' ', "\u{a0}"),
        format!("{text}\\n"),
        format!("a%20{text}%20b"),
    ]
}

/// What must not be found, of a text in one of its forms: its letters and digits, as far as they say something.
fn pieces(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|piece| piece.chars().count() >= 4 || !piece.is_ascii())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn no_secret_and_nobodys_data_is_in_it_wherever_it_stood_and_however_it_was_written() {
    let order = &with_sample_order().orders[0];
    let address = order.address.clone().expect("the sample has an address");
    let customer = order.customer.clone().expect("and a customer");
    let first_name = customer.split(' ').next().expect("with a name").to_owned();
    let known = [
        KEY.to_owned(),
        "/home/lucia".to_owned(),
        "lucia".to_owned(),
        "caja-uno".to_owned(),
        customer,
        first_name,
        address.street,
        address.area.expect("with an area"),
        order.notes.clone().expect("and a note"),
    ];
    for text in &known {
        for planted in forms(text) {
            let found = everywhere(&planted);
            let files = read(archive(&found, &redaction(&found.view)).unwrap());
            assert_eq!(files.len(), 7);
            for (name, content) in &files {
                let content = content.to_lowercase();
                assert!(
                    !content.contains(&planted.to_lowercase()),
                    "{planted} is in {name}: {content}"
                );
                for piece in pieces(text) {
                    assert!(
                        !content.contains(&piece),
                        "{piece} of {planted} is in {name}: {content}"
                    );
                }
            }
        }
        // The same search finds it where it is not known.
        let files = read(archive(&everywhere(text), &nobody()).unwrap());
        assert!(
            files.values().any(|content| content.contains(text)),
            "{text}"
        );
    }
}

#[test]
fn a_phone_goes_however_it_is_written() {
    let of_the_order = "523312345678";
    let found = everywhere("nada");
    let redaction = redaction(&found.view);
    for known in [
        "3312345678",
        "33 1234 5678",
        "(33) 1234-5678",
        "+52 1 33 1234 5678",
        "33.1234.5678",
        "33/12/34/56/78",
        "3 3 1 2 3 4 5 6 7 8",
        "33\u{a0}1234\u{a0}5678",
        "%2B52%2033%201234%205678",
        "+52+33+1234+5678",
        of_the_order,
    ] {
        let cleaned = redaction.cleaned(&format!("tel={known}."));
        assert!(
            !cleaned.contains("5678") && !cleaned.contains("78"),
            "{known}: {cleaned}"
        );
    }
    // Nobody's whom Campana knows.
    for looks in [
        "+1 415 555 0123",
        "(55) 8765-0123",
        "55.8765.0123",
        "5587650123",
        "2026-11-24 55 8765 0123",
    ] {
        let cleaned = redaction.cleaned(&format!("tel={looks}."));
        assert!(!cleaned.contains("0123"), "{looks}: {cleaned}");
    }
}

#[test]
fn what_gives_itself_away_goes_whoevers_it_is() {
    for (text, cleaned) in [
        (
            "via https://ana:secreto@proxy.mx:3128.",
            "via https://[…]@proxy.mx:3128.",
        ),
        (
            "GET https://x.mx/sync?key=secreto&a=b 404",
            "GET https://x.mx/sync?[…] 404",
        ),
        ("Authorization: Bearer secreto", "Authorization: […]"),
        ("authorization: Basic c2VjcmV0bw==", "authorization: […]"),
        ("x-api-key: secreto, next", "x-api-key: […], next"),
        ("X-Sync-Api-Key=secreto", "X-Sync-Api-Key=[…]"),
        (r#"{"apiKey":"secreto"}"#, r#"{"apiKey":"[…]"}"#),
        (r#"{\"apiKey\": \"secreto\"}"#, r#"{\"apiKey\": \"[…]\"}"#),
        ("Cookie: a=secreto", "Cookie: […]"),
        ("Bearer%20secreto", "Bearer%20[…]"),
        ("of ana.nunez+pedidos@correo.mx here", "of […] here"),
        ("of ana%40correo.mx here", "of […] here"),
    ] {
        assert_eq!(nobody().cleaned(text), cleaned);
    }
}

#[test]
fn what_helps_is_in_it() {
    let found = everywhere("nada");
    let files = read(archive(&found, &redaction(&found.view)).unwrap());
    let about = &files["about.json"];
    assert!(about.contains(env!("CARGO_PKG_VERSION")));
    assert!(about.contains(campana_sync::inbox::sqlite_version()));
    assert!(about.contains("Debian GNU/Linux") && about.contains("\"desktop\": \"nada\""));
    assert!(files["settings.json"].contains("https://pedidos.mitienda.mx"));
    assert!(files["settings.json"].contains("\"chime\": \"bell\""));
    assert!(files["state.json"].contains("no answer, nada."));
    assert!(files["state.json"].contains("\"shown\": 1"));
    assert!(files["checks.json"].contains("500: \\\"nada\\\""));
    assert!(files["activity.json"].contains("2026-11-24T18:00:00Z"));
    assert_eq!(files["logs/campana.1.log"], USUAL);
    assert!(files["logs/campana.log"].contains("detail=nada"));
}

#[test]
fn figures_that_are_no_phone_stay() {
    let open = nobody();
    for text in [
        "203.0.113.5:443",
        "43 ms",
        "48.2 GB",
        "HTTP 503",
        "2026-11-24T18:00:00Z",
        "2026-11-24 18:00:00",
        "https://pedidos.mitienda.mx/tienda",
        USUAL,
    ] {
        let mut value = Value::from(text);
        open.clean(&mut value);
        assert_eq!(value, text);
    }
}
