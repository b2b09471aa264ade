//! What other servers send: everything that is normal though no sample shows it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::{
    Amount, Confirmation, ConfirmedOrder, ElementKind, ErrorBody, Id, NotUnderstood, Order,
    OrderNumber, Page,
};
use serde_json::Value;

fn page(body: &str) -> Page {
    Page::parse(body.as_bytes()).unwrap()
}

fn keys(page: &Page) -> Vec<&str> {
    page.orders.iter().map(|order| order.id.key()).collect()
}

fn order(raw: &str) -> Order {
    Order::parse(raw).unwrap()
}

#[test]
fn finds_the_lists_under_all_their_names() {
    for body in [
        r#"{"pending_orders":[{"id":"a"}],"updated_customers":[{"id":"c"}]}"#,
        r#"{"orders":[{"id":"a"}],"customers":[{"id":"c"}]}"#,
        r#"{"data":{"pending_orders":[{"id":"a"}],"customers":[{"id":"c"}]}}"#,
        r#"{"success":true,"orders":[{"id":"a"}],"data":{"updated_customers":[{"id":"c"}]}}"#,
        "\u{feff} {\"orders\" : [ {\"id\" : \"a\"} ] , \"customers\" : [{\"id\":\"c\"}] }\n",
    ] {
        let page = page(body);
        assert_eq!(keys(&page), ["a"], "{body}");
        assert_eq!(page.customers.len(), 1, "{body}");
    }
}

#[test]
fn an_order_under_the_second_name_counts_and_the_same_list_twice_does_not() {
    let both =
        page(r#"{"pending_orders":[],"orders":[{"id":"a"}],"data":{"orders":[{"id":"a"}]}}"#);
    assert_eq!(keys(&both), ["a"]);
    assert_eq!(both.order_elements, 1);
}

#[test]
fn one_list_is_enough_and_nothing_is_an_empty_one() {
    for body in [
        r#"{"pending_orders":null}"#,
        r#"{"pending_orders":{ }}"#,
        r#"{"pending_orders":7,"orders":[]}"#,
    ] {
        let body = page(body);
        assert_eq!((body.order_elements, body.customer_elements), (0, 0));
    }
    assert_eq!(page(r#"{"data":{"customers":[]}}"#), Page::default());
}

#[test]
fn an_answer_without_lists_is_not_an_empty_shop() {
    for body in [
        "{}",
        r#"{"message":"ok"}"#,
        "[]",
        "null",
        "\"x\"",
        r#"{"data":[{"id":"a"}]}"#,
        r#"{"pending_orders":"muchos"}"#,
        r#"{"pending_orders":7,"updated_customers":[]}"#,
        r#"{"pending_orders":[],"customers":{"a":1}}"#,
    ] {
        assert_eq!(
            Page::parse(body.as_bytes()),
            Err(NotUnderstood::NoList),
            "{body}"
        );
    }
}

#[test]
fn what_is_not_json_is_said_to_be_none() {
    let whole = r#"{"pending_orders":[{"id":"a","notes":"x"}]}"#;
    for end in 0..whole.len() {
        let cut = &whole.as_bytes()[..end];
        assert_eq!(Page::parse(cut), Err(NotUnderstood::NotJson), "{end}");
    }
    for body in ["<html></html>", r#"{"pending_orders":[]} x"#, "NaN"] {
        assert_eq!(
            Page::parse(body.as_bytes()),
            Err(NotUnderstood::NotJson),
            "{body}"
        );
    }
}

#[test]
fn what_no_program_can_hold_costs_neither_the_page_nor_the_order() {
    let page = page(
        r#"{"pending_orders":[
            {"id":"a","notes":"\ud83d rota","total":5},
            {"id":"b","total":1e999,"\udc00":1},
            {"id":"c","notes":"\ud83c\udf55"},
            {"id":"d","total":1e999999999999999999999}
        ]}"#,
    );
    assert_eq!(keys(&page), ["a", "b", "c", "d"]);
    assert_eq!(page.orders[0].notes.as_deref(), Some("\u{fffd} rota"));
    assert_eq!(page.orders[0].total, Some(Amount(500)));
    assert_eq!(page.orders[1].total, None);
    assert_eq!(page.orders[2].notes.as_deref(), Some("🍕"));
    for order in &page.orders {
        serde_json::from_str::<Value>(&order.body).unwrap();
    }
}

#[test]
fn bytes_that_are_no_text_cost_neither_the_page_nor_the_order() {
    let page = Page::parse(b"{\"orders\":[{\"id\":\"a\",\"notes\":\"ca\xf1a\"}]}").unwrap();
    assert_eq!(page.orders[0].notes.as_deref(), Some("ca\u{fffd}a"));
}

#[test]
fn nesting_costs_no_stack_and_not_the_order() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let page = page(&format!(
        r#"{{"pending_orders":[{{"id":"a","x":{deep},"notes":"n"}},{deep}]}}"#
    ));
    assert_eq!(page.orders[0].notes.as_deref(), Some("n"));
    serde_json::from_str::<Value>(&page.orders[0].body).unwrap();
    assert_eq!(page.set_aside.len(), 1);
    assert_eq!(page.set_aside[0].size, 400_000);
}

#[test]
fn an_identifier_goes_back_as_it_came() {
    let long = "1234567890123456789012345678901234567890";
    for (token, key) in [
        ("12", "12"),
        ("\"12\"", "12"),
        (long, long),
        (r#""\u0061b""#, "ab"),
    ] {
        let order = order(&format!(r#"{{"id": {token} }}"#));
        assert_eq!((order.id.token(), order.id.key()), (token, key));
        assert_eq!(Id::from_token(order.id.token()), Some(order.id.clone()));
    }
    let body = order(&format!(r#"{{"id":{long}}}"#)).body;
    assert_eq!(body, format!(r#"{{"id":{long}}}"#));
    let one = Id::from_token(r#""\ud83d""#).unwrap();
    assert_ne!(one.key(), Id::from_token(r#""\ud83e""#).unwrap().key());
}

#[test]
fn an_element_without_readable_id_is_set_aside_and_its_neighbours_stay() {
    let bad = [
        r#"{"notes":"x"}"#,
        r#"{"id":null}"#,
        r#"{"id":""}"#,
        r#"{"id":true}"#,
        r#"{"id":{}}"#,
        r#"{"id":["a"]}"#,
        "null",
        "[1]",
        "7",
    ];
    for raw in bad {
        let page = page(&format!(
            r#"{{"orders":[{{"id":"a"}},{raw},{{"id":"b"}}]}}"#
        ));
        assert_eq!(keys(&page), ["a", "b"], "{raw}");
        assert_eq!(page.order_elements, 3);
        let aside = &page.set_aside[0];
        assert_eq!(
            (aside.kind, aside.raw.as_deref()),
            (ElementKind::Order, Some(raw))
        );
        assert_eq!((aside.size, aside.hash.len()), (raw.len(), 64));
    }
    assert_eq!(Id::from_token("12a"), None);
    assert_eq!(Id::from_token("\"a"), None);
    assert_eq!(Id::from_token(""), None);
}

#[test]
fn the_hash_of_what_is_set_aside_is_that_of_its_raw_text() {
    let page = page(r#"{"orders":["abc"],"customers":[{"firstName":"Ana"}]}"#);
    // echo -n '"abc"' | sha256sum
    let hash = "6cc43f858fbb763301637b5af970e2a46b46f461f27e5a0f41e009c59b827b25";
    assert_eq!(page.set_aside[0].hash, hash);
    assert_eq!(page.set_aside[0].raw, None, "a bare text may hold anything");
    assert_eq!(page.set_aside[1].kind, ElementKind::Customer);
    assert_eq!(page.set_aside[1].raw, None);
}

#[test]
fn chat_history_is_kept_nowhere() {
    let secret = "te quiero";
    let chat = format!(
        r#""fullChatHistory":[{{"x":"{secret}"}}],"relevant\u0043hatHistory":"{secret}",
           "full_chat_history":"{secret}","meta":"{{\"fullChatHistory\":\"{secret}\"}}""#
    );
    let element = format!(
        r#"{{"id":"a","customer":{{"firstName":"Ana",{chat}}},"x":[[{{{chat},"y":1}}]],{chat}}}"#
    );
    let order = order(&element);
    assert!(!order.body.contains(secret), "{}", order.body);
    assert!(order.body.contains(r#""y":1"#));
    let aside = page(&format!(
        r#"{{"orders":[{}]}}"#,
        element.replace(r#""id":"a","#, "")
    ));
    let raw = aside.set_aside[0].raw.as_deref().unwrap();
    assert!(!raw.contains(secret), "{raw}");
    assert!(raw.contains("Ana"));
    let shown = format!("{:?} {aside:?}", order);
    assert!(!shown.contains(secret));
}

#[test]
fn a_customer_is_the_same_whatever_its_chat_and_the_order_of_its_members() {
    let hash = |customer: &str| {
        let page = page(&format!(r#"{{"customers":[{customer}]}}"#));
        page.customers[0].hash.clone()
    };
    let first = hash(r#"{"id":"c","a":1,"b":{"x":1,"y":[1,2]},"fullChatHistory":[1]}"#);
    let second = hash(r#"{"b":{"y":[1,2],"x":1},"id":"c","fullChatHistory":[1,2],"a":1}"#);
    assert_eq!(first, second);
    assert_ne!(first, hash(r#"{"id":"c","a":2,"b":{"x":1,"y":[1,2]}}"#));
    assert_ne!(first, hash(r#"{"id":"c","a":1,"b":{"x":1,"y":[2,1]}}"#));
}

#[test]
fn of_members_with_the_same_name_the_last_holds() {
    let order = order(r#"{"id":"a","notes":"1","id":"b","notes":"2"}"#);
    assert_eq!(order.id.key(), "b");
    assert_eq!(order.notes.as_deref(), Some("2"));
    assert_eq!(order.body, r#"{"id":"b","notes":"2"}"#);
}

#[test]
fn a_confirmation_names_tokens_and_no_null() {
    let confirmation = Confirmation {
        orders: vec![
            ConfirmedOrder {
                id: Id::from_token("\"a\"").unwrap(),
                shift_order_number: Some(12),
            },
            ConfirmedOrder {
                id: Id::from_token("7").unwrap(),
                shift_order_number: None,
            },
        ],
        customers: vec![Id::from_token("\"c\"").unwrap()],
    };
    assert_eq!(
        confirmation.to_json(OrderNumber::ShiftOrderNumber),
        r#"{"confirmedOrders":[{"orderId":"a","shiftOrderNumber":12},{"orderId":7}],"confirmedCustomerIds":["c"]}"#
    );
    let older = confirmation.to_json(OrderNumber::DailyNumber);
    assert!(older.contains(r#"[{"orderId":"a","dailyNumber":12},{"orderId":7}]"#));
    assert_eq!(
        Confirmation::default().to_json(OrderNumber::ShiftOrderNumber),
        r#"{"confirmedOrders":[],"confirmedCustomerIds":[]}"#
    );
}

#[test]
fn an_error_body_may_stand_at_the_top() {
    let read = |body: &str| ErrorBody::parse(body.as_bytes());
    assert!(
        read(r#"{"error":{"code":"TECH006"}}"#)
            .unwrap()
            .says_key_missing()
    );
    assert!(
        read(r#"{"message":"Invalid API key"}"#)
            .unwrap()
            .says_key_wrong()
    );
    assert!(
        read(r#"{"statusCode":500,"error":"Invalid API key"}"#)
            .unwrap()
            .says_key_wrong()
    );
    assert_eq!(read(r#"{"code":42}"#).unwrap().code.as_deref(), Some("42"));
    for body in [
        "{}",
        "[]",
        "",
        "<html>",
        r#"{"error":{}}"#,
        r#"{"error":null}"#,
    ] {
        assert_eq!(read(body), None, "{body}");
    }
}

#[test]
fn an_id_that_looks_like_a_chat_is_kept_as_an_id() {
    let order = order(r#"{"id":"[\"fullChatHistory\"]"}"#);
    assert_eq!(order.id.key(), r#"["fullChatHistory"]"#);
    let again = Order::parse(&order.body).unwrap();
    assert_eq!(again.id, order.id);
}

#[test]
fn an_answer_with_more_elements_than_any_server_has_is_not_understood() {
    let body = |count: usize| format!(r#"{{"orders":[{}]}}"#, vec![r#"{"id":1}"#; count].join(","));
    assert_eq!(page(&body(20_000)).orders.len(), 20_000);
    assert_eq!(
        Page::parse(body(20_001).as_bytes()),
        Err(NotUnderstood::TooMany)
    );
}

#[test]
fn an_order_of_more_values_than_any_shop_writes_is_kept_for_what_can_be_read() {
    let zeros = vec!["0"; 150_000].join(",");
    let order = order(&format!(
        r#"{{"total":5,"orderItems":[{zeros}],"notes":"x","id":"a"}}"#
    ));
    assert_eq!(order.id.key(), "a");
    assert_eq!(order.total, Some(Amount(500)));
    assert_eq!(order.items.len(), 1_000);
    assert!(order.body.len() < 210_000);
    let again = Order::parse(&order.body).unwrap();
    assert_eq!(again, order);
}
