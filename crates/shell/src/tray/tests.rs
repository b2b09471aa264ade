#![allow(clippy::panic, reason = "a test may stop at the first surprise")]

use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::settings::Preferences;
use campana_sync::status::StatusKind;
use campana_sync::verdict::Verdict;

use super::{MenuEntry, MenuItem, TrayView, tray, verdict_key};
use crate::icon::Mark;
use crate::view::{
    ComputerView, KeyPlace, PauseView, ProfileView, SetupView, SoundView, StatusView, View,
};

fn view(verdict: Verdict) -> View {
    View {
        verdict,
        severity: verdict.severity(),
        status: StatusView {
            kind: StatusKind::InSync,
            cause: None,
            since: 0,
            next_attempt: None,
            last_sync: None,
            another_receiver: false,
            confirmations_refused: 0,
            detail: None,
        },
        unseen: 0,
        from_before: 0,
        orders: Vec::new(),
        pause: None,
        sound: SoundView::Works,
        damage: None,
        printer_trouble: None,
        last_asked: None,
        setup: SetupView {
            address: None,
            key: KeyPlace::Keyring,
            receiver: None,
            profile: ProfileView::Auto,
            certificate_authority: None,
            plain_http_refused: false,
            settings_damaged: false,
        },
        rehearsing: false,
        trouble_alarm: false,
        quit_asked: false,
        demo: false,
        updates: None,
        tray: true,
        preferences: Preferences::default(),
        computer: ComputerView::default(),
        language: "es".into(),
        version: "0".into(),
    }
}

fn drawn(view: &View) -> TrayView {
    tray(view, false, &Catalogue::new(Language::Es), |_| {
        "14:30".into()
    })
}

fn items(entries: &[MenuEntry]) -> Vec<MenuItem> {
    entries
        .iter()
        .flat_map(|entry| match entry {
            MenuEntry::Item(item, _) => vec![*item],
            MenuEntry::Submenu(_, entries) => items(entries),
            MenuEntry::Words(_) | MenuEntry::Resting(..) | MenuEntry::Separator => Vec::new(),
        })
        .collect()
}

#[test]
fn every_verdict_has_its_mark_and_its_words() {
    let expected = [
        (Verdict::InSync, Mark::None),
        (Verdict::Syncing, Mark::Arrows),
        (Verdict::Connecting, Mark::Dots),
        (Verdict::PollingOnly, Mark::Clock),
        (Verdict::ConfirmationsRefused, Mark::Exclamation),
        (Verdict::AnotherReceiver, Mark::Exclamation),
        (Verdict::Unreadable, Mark::Exclamation),
        (Verdict::Limited, Mark::Exclamation),
        (Verdict::Unheard, Mark::Struck),
        (Verdict::NotConfigured, Mark::Key),
        (Verdict::KeyMissing, Mark::Key),
        (Verdict::KeyRefused, Mark::Key),
        (Verdict::StorageFailed, Mark::Exclamation),
        (Verdict::Offline, Mark::Struck),
        (Verdict::PartStopped, Mark::Struck),
    ];
    let catalogue = Catalogue::new(Language::Es);
    for (verdict, mark) in expected {
        let tray = drawn(&view(verdict));
        assert_eq!(tray.icon.mark, mark, "{verdict:?}");
        let words = catalogue.text(&verdict_key(verdict));
        assert_ne!(words, verdict_key(verdict), "no words for {verdict:?}");
        assert_eq!(tray.menu[0], MenuEntry::Words(words));
    }
}

#[test]
fn the_demo_does_not_look_like_the_shop() {
    let mut demo = view(Verdict::InSync);
    demo.demo = true;
    let tray = drawn(&demo);
    assert!(tray.icon.demo);
    assert_eq!(tray.tooltip, "Campana · Demostración · Al día");
}

#[test]
fn the_menu_offers_everything() {
    let tray = drawn(&view(Verdict::InSync));
    let expected = [
        MenuItem::Open,
        MenuItem::SyncNow,
        MenuItem::Pause(Some(30)),
        MenuItem::Pause(Some(120)),
        MenuItem::Pause(None),
        MenuItem::Settings,
        MenuItem::Quit,
    ];
    assert_eq!(items(&tray.menu), expected);
    assert!(
        tray.menu
            .contains(&MenuEntry::Item(MenuItem::Settings, "Ajustes…".into()))
    );
    assert_eq!(tray.label, None);
}

#[test]
fn a_paused_menu_says_until_when_and_offers_to_resume() {
    let mut paused = view(Verdict::Paused);
    paused.pause = Some(PauseView {
        until: Some(1),
        missed: 0,
    });
    let tray = drawn(&paused);
    assert_eq!(tray.icon.mark, Mark::Bars);
    let words = "En pausa hasta las 14:30".to_owned();
    assert_eq!(tray.menu[0], MenuEntry::Words(words));
    assert_eq!(tray.menu.len(), drawn(&view(Verdict::InSync)).menu.len());
    assert!(items(&tray.menu).contains(&MenuItem::Resume));
    assert!(!items(&tray.menu).contains(&MenuItem::Pause(None)));
}

#[test]
fn unseen_orders_are_counted_in_label_icon_and_words() {
    let mut busy = view(Verdict::Offline);
    busy.unseen = 12;
    let tray = drawn(&busy);
    assert_eq!(tray.label.as_deref(), Some("12"));
    assert_eq!((tray.icon.mark, tray.icon.unseen), (Mark::Struck, 12));
    assert!(
        tray.tooltip.contains("12 pedidos sin ver"),
        "{}",
        tray.tooltip
    );
}

#[test]
fn all_can_be_marked_only_where_something_is_unseen() {
    let calm = drawn(&view(Verdict::InSync));
    let mut busy = view(Verdict::InSync);
    busy.unseen = 2;
    let busy = drawn(&busy);
    let text = "Marcar todos como vistos".to_owned();
    assert!(items(&busy.menu).contains(&MenuItem::MarkAllSeen));
    assert!(!items(&calm.menu).contains(&MenuItem::MarkAllSeen));
    let resting = MenuEntry::Resting(MenuItem::MarkAllSeen, text);
    assert!(calm.menu.contains(&resting));
    assert_eq!(calm.menu.len(), busy.menu.len());
}

#[test]
fn identifiers_of_menu_items_lead_back_to_them() {
    for item in MenuItem::ALL {
        assert_eq!(MenuItem::with_id(&item.id()), Some(item));
    }
    assert_eq!(MenuItem::with_id("something else"), None);
}
