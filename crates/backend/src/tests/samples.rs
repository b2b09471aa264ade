use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use super::NOW;
use crate::intake::new_orders;
use crate::samples;

#[test]
fn sample_orders_add_up_and_repeat_with_their_seed() {
    let make = |seed| samples::order(&mut StdRng::seed_from_u64(seed), NOW);
    assert_eq!(make(7), make(7));
    for seed in 0..500 {
        let order = make(seed);
        let items = order["orderItems"].as_array().unwrap();
        let sum: f64 = items
            .iter()
            .map(|item| item["finalPrice"].as_f64().unwrap())
            .sum();
        assert_eq!(order["subtotal"].as_f64(), Some(sum), "seed {seed}");
        let brought = order["orderType"] == "DELIVERY";
        let fee = if brought { 25.5 } else { 0.0 };
        assert_eq!(order["total"].as_f64(), Some(sum + fee), "seed {seed}");
        assert_eq!(order["payments"][0]["amount"], order["total"]);
        assert_eq!(order["deliveryInfo"]["street"].is_string(), brought);
        assert_eq!(order["tableId"].is_string(), order["customer"].is_null());
    }
}

#[test]
fn sample_orders_are_orders_that_would_be_taken() {
    let mut random = StdRng::seed_from_u64(11);
    let orders: Value = (0..500).map(|_| samples::order(&mut random, NOW)).collect();
    assert_eq!(new_orders(orders, NOW).unwrap().len(), 500);
}
