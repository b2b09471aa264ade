//! The OpenAPI description against the running routes.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{KEY, call, options};
use crate::Backend;

/// Every path and method that is described.
fn described(document: &Value) -> Vec<(String, Method, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            methods.iter().map(|(method, about)| {
                let method = method.to_uppercase().parse().unwrap();
                (path.clone(), method, about.clone())
            })
        })
        .collect()
}

#[tokio::test]
async fn every_route_answers_only_what_its_description_says() {
    let backend = Backend::start(options(None)).await.unwrap();
    let (status, document) = call(&backend, "", Method::GET, "/openapi.json", None).await;
    assert_eq!(status, StatusCode::OK);
    let routes = described(&document);
    assert_eq!(routes.len(), 11, "{routes:?}");
    for (path, method, about) in routes {
        let has_key = about.get("security").is_some();
        let mut seen = Vec::new();
        for key in ["", "otra", KEY] {
            for body in [
                None,
                Some(json!({})),
                Some(json!("x")),
                Some(json!({"id": 1})),
            ] {
                let path = path.replace("{id}", "nobody");
                let (status, answer) = call(&backend, key, method.clone(), &path, body).await;
                let described = about["responses"].get(status.as_str());
                assert!(described.is_some(), "{method} {path} {status}: {answer}");
                assert_ne!(answer["error"]["code"], "NOT_ALLOWED", "{method} {path}");
                seen.push(status);
            }
        }
        assert_eq!(
            has_key,
            seen.contains(&StatusCode::UNAUTHORIZED),
            "{method} {path} and its key"
        );
    }
    backend.stop().await;
}

#[tokio::test]
async fn a_method_that_is_not_described_is_not_served() {
    let backend = Backend::start(options(None)).await.unwrap();
    let (_, document) = call(&backend, "", Method::GET, "/openapi.json", None).await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "patch", "delete"] {
            if methods.get(method).is_some() {
                continue;
            }
            let path = path.replace("{id}", "nobody");
            let method: Method = method.to_uppercase().parse().unwrap();
            let (status, answer) = call(&backend, KEY, method.clone(), &path, None).await;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(answer["error"]["code"], "NOT_ALLOWED");
        }
    }
    backend.stop().await;
}
