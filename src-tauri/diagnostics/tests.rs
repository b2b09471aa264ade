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

const KEY: &str = "clave-secreta-70aa";

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
    }
}

fn redaction(view: &View) -> Redaction {
    Redaction::new(
        vec![SecretString::from(KEY)],
        Some("/home/lucia".into()),
        &view.orders,
    )
}

#[test]
fn no_secret_and_nobodys_data_is_in_it_wherever_it_stood() {
    let order = &with_sample_order().orders[0];
    let address = order.address.clone().expect("the sample has an address");
    let customer = order.customer.clone().expect("and a customer");
    let first_name = customer.split(' ').next().expect("with a name").to_owned();
    // What is known to be somebody's, and what only looks so.
    let known = [
        KEY.to_owned(),
        "/home/lucia".to_owned(),
        customer,
        first_name,
        address.street,
        address.area.expect("with an area"),
        order.notes.clone().expect("and a note"),
    ];
    let looks = [
        "https://ana:secreto@proxy.mx",
        "+52 33 1234 5678",
        "(33) 8765-4321",
        "3312345678",
    ];
    let looks = looks.map(str::to_owned);
    for planted in known.iter().chain(&looks) {
        let found = everywhere(planted);
        let files = read(archive(&found, &redaction(&found.view)).unwrap());
        assert_eq!(files.len(), 5);
        let needle = if planted.contains("secreto") {
            "secreto"
        } else {
            planted.trim_start_matches(['(', '+'])
        };
        for (name, text) in &files {
            assert!(!text.contains(needle), "{planted} is in {name}: {text}");
        }
    }
    // The same search finds them where they are not known.
    let nobody = Redaction::new(Vec::new(), None, &[]);
    for planted in &known {
        let files = read(archive(&everywhere(planted), &nobody).unwrap());
        assert!(
            files.values().any(|text| text.contains(planted)),
            "{planted}"
        );
    }
}

#[test]
fn what_helps_is_in_it() {
    let found = everywhere("nada");
    let files = read(archive(&found, &redaction(&found.view)).unwrap());
    assert!(files["about.json"].contains(env!("CARGO_PKG_VERSION")));
    assert!(files["settings.json"].contains("https://pedidos.mitienda.mx"));
    assert!(files["settings.json"].contains("\"chime\": \"bell\""));
    assert!(files["state.json"].contains("no answer, nada."));
    assert!(files["state.json"].contains("\"shown\": 1"));
    assert!(files["checks.json"].contains("500: \\\"nada\\\""));
    assert!(files["activity.json"].contains("2026-11-24T18:00:00Z"));
}

#[test]
fn figures_that_are_no_phone_stay() {
    let open = Redaction::new(Vec::new(), None, &[]);
    for text in [
        "203.0.113.5:443",
        "43 ms",
        "48.2 GB",
        "HTTP 503",
        "2026-11-24T18:00:00Z",
    ] {
        let mut value = Value::from(text);
        open.clean(&mut value);
        assert_eq!(value, text);
    }
}
