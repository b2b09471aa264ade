//! Properties of the judgement over any history of an order.

use proptest::prelude::*;

use super::*;
use crate::inbox::Facet;

/// What may happen to an order.
#[derive(Clone, Debug)]
enum Step {
    /// A version comes, changed at this minute.
    Comes {
        minute: u32,
        pointer: &'static str,
        value: u8,
    },
    /// Somebody presses *Visto* on this version, or on one so many before it.
    Seen { versions_ago: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let pointers = prop::sample::select(vec![
        "/total",
        "/notes",
        "/orderStatus",
        "/orderType",
        "/deliveryInfo/street",
        "/scheduledAt",
        "/orderItems/0/finalPrice",
        "/shiftOrderNumber",
        "/customer/totalOrders",
    ]);
    prop_oneof![
        4 => (0_u32..60, pointers, 0_u8..4)
            .prop_map(|(minute, pointer, value)| Step::Comes { minute, pointer, value }),
        1 => (0_i64..3).prop_map(|versions_ago| Step::Seen { versions_ago }),
    ]
}

fn value_for(pointer: &str, value: u8) -> Value {
    let number = usize::from(value);
    match pointer {
        "/orderStatus" => json!(["PENDING", "READY", "CANCELLED", "DELIVERED"][number]),
        "/orderType" => json!(["DELIVERY", "TAKE_AWAY", "DINE_IN", "RARO"][number]),
        "/notes" | "/deliveryInfo/street" => json!(["uno", "dos", "", "tres"][number]),
        "/scheduledAt" => json!(format!("2026-11-24T2{number}:00:00Z")),
        _ => json!(100 + number),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_falls_silent_unseen_and_every_change_of_what_was_seen_rings(
        steps in prop::collection::vec(step(), 1..14)
    ) {
        let (_folder, mut inbox) = inbox();
        let mut present = told("a", 0);
        store(&mut inbox, &[present.clone()]);
        for step in steps {
            let before = only(&inbox);
            match step {
                Step::Comes { minute, pointer, value } => {
                    let mut next = with(present.clone(), pointer, value_for(pointer, value));
                    next["updatedAt"] = json!(format!("2026-11-24T18:{minute:02}:00.000Z"));
                    let stored = store(&mut inbox, &[next.clone()]);
                    let (change, alert) = change_and_alert(&stored);
                    let after = only(&inbox);
                    if before.attention != Attention::Seen {
                        prop_assert_ne!(after.attention, Attention::Seen);
                    }
                    let matters = !matches!(pointer, "/shiftOrderNumber" | "/customer/totalOrders");
                    let is_progress = pointer == "/orderStatus"
                        && (order(&present).is_cancelled() == order(&next).is_cancelled());
                    let differs = facet_value(&present, pointer) != facet_value(&next, pointer);
                    if change == Change::Updated && matters && !is_progress && differs {
                        prop_assert!(alert.is_some(), "{pointer} did not ring");
                        prop_assert!(matches!(after.attention, Attention::Ringing(_)));
                    } else {
                        prop_assert_eq!(alert, None);
                        prop_assert_eq!(after.attention, before.attention);
                    }
                    if change == Change::Updated {
                        prop_assert_eq!(after.version, before.version + 1);
                        present = next;
                    } else {
                        prop_assert_eq!(&after, &before);
                    }
                }
                Step::Seen { versions_ago } => {
                    see(&mut inbox, "a", before.version - versions_ago);
                    let after = only(&inbox);
                    if versions_ago == 0 {
                        prop_assert_eq!(after.attention, Attention::Seen);
                    } else if before.attention == Attention::Seen {
                        prop_assert_eq!(after.attention, Attention::Seen);
                    }
                }
            }
            prop_assert_eq!(inbox.check().unwrap(), Vec::<String>::new());
        }
    }

    #[test]
    fn facets_survive_being_written(chosen in prop::collection::vec(0_usize..7, 0..7)) {
        let all = [
            Facet::Type, Facet::Items, Facet::Total, Facet::Notes, Facet::Address,
            Facet::ScheduledTime, Facet::Cancelled,
        ];
        let facets: Vec<Facet> = all
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen.contains(index))
            .map(|(_, facet)| *facet)
            .collect();
        let text = crate::inbox::facets::to_text(&facets);
        prop_assert_eq!(crate::inbox::facets::from_text(&text), facets);
    }
}

/// What a facet compares at this place.
fn facet_value(order: &Value, pointer: &str) -> Value {
    order.pointer(pointer).cloned().unwrap_or_default()
}
