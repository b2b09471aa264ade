//! It ends, whatever the server does.

use super::support::*;
use super::*;
use crate::http::LookFailure;

#[tokio::test(start_paused = true)]
async fn a_server_that_never_says_a_word_is_done_with_in_two_minutes() {
    let mut scene = Scene::good();
    scene.look = Err(LookFailure::TimedOut);
    (scene.web_socket, scene.polling) = (Says::default(), Says::default());
    scene.pull = Pulled::Never;
    let begun = Instant::now();
    let findings = scene.examine().await;
    let told: Vec<_> = findings
        .iter()
        .filter(|f| f.outcome == Outcome::Failed)
        .collect();
    let told: Vec<_> = told.iter().map(|f| (f.check, f.code)).collect();
    assert_eq!(told, [(Check::SocketIo, TimedOut), (Check::Pull, TimedOut)]);
    // Timers of tokio are rounded up to a millisecond each.
    assert!(
        begun.elapsed() <= AT_MOST + Duration::from_millis(20),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn addresses_that_never_answer_share_their_time() {
    let mut scene = Scene::good();
    let many: Vec<_> = (1..=40)
        .map(|n| at(&format!("203.0.113.{n}:443")))
        .collect();
    scene.resolved = Some(Ok(many));
    scene.open_ports = Vec::new();
    let begun = Instant::now();
    assert_eq!(scene.finding(Check::Port).await.code, TimedOut);
    assert!(
        begun.elapsed() < Duration::from_secs(11),
        "{:?}",
        begun.elapsed()
    );
}
