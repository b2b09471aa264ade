//! *Salir* asks first, and never keeps the app from ending.

use std::time::Duration;

use super::support::{Beginning, Shop, ringing};
use crate::controller::{Command, Input};
use crate::desktop::Window;
use crate::tray::MenuItem;

async fn with_window() -> Shop {
    let shop = Beginning::complete()
        .with_orders(vec![ringing("a1")])
        .start()
        .await;
    open_page(&shop).await;
    shop
}

async fn open_page(shop: &Shop) {
    let (reply, _answer) = tokio::sync::oneshot::channel();
    shop.command(Command::View(Some(Window::Main), reply)).await;
}

#[tokio::test(start_paused = true)]
async fn salir_asks_in_the_window_and_ends_the_engine_first_when_it_is_meant() {
    let shop = with_window().await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    assert!(shop.view().await.quit_asked);
    assert_eq!(shop.screen().opened, [Window::Main]);
    assert!(shop.screen().rings && !shop.screen().has_quit);
    shop.command(Command::Quit).await;
    assert!(shop.engine().is_shut_down);
    assert!(shop.screen().has_quit && !shop.screen().rings);
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_when_it_was_not_meant() {
    let shop = with_window().await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    shop.command(Command::KeepRunning).await;
    assert!(!shop.view().await.quit_asked);
    shop.input(Input::Tray(MenuItem::Quit)).await;
    assert!(shop.view().await.quit_asked, "it is asked anew");
    shop.input(Input::WindowClosed(Window::Main)).await;
    assert!(!shop.view().await.quit_asked);
    assert!(!shop.screen().has_quit);
}

#[tokio::test(start_paused = true)]
async fn salir_a_second_time_ends_it() {
    let shop = with_window().await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    shop.pass(Duration::from_secs(40)).await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    assert!(!shop.screen().has_quit, "long after the first time");
    shop.input(Input::Tray(MenuItem::Quit)).await;
    assert!(shop.screen().has_quit);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_never_comes_does_not_keep_it_from_ending() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    shop.pass(Duration::from_secs(8)).await;
    assert!(!shop.screen().has_quit);
    shop.pass(Duration::from_secs(4)).await;
    assert!(shop.screen().has_quit);

    let shop = Beginning::complete().start().await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    open_page(&shop).await;
    shop.pass(Duration::from_secs(60)).await;
    assert!(!shop.screen().has_quit, "the window came and asks");
}

#[tokio::test(start_paused = true)]
async fn whoever_starts_it_while_it_ends_gets_a_running_one() {
    let shop = with_window().await;
    assert!(shop.inputs.send(Input::Command(Command::Quit)).is_ok());
    shop.input(Input::SecondInstance).await;
    assert!(shop.screen().has_started_anew && !shop.screen().has_quit);

    // The session is over, whatever somebody starts in it.
    let shop = with_window().await;
    assert!(shop.inputs.send(Input::EndSession).is_ok());
    shop.input(Input::SecondInstance).await;
    assert!(shop.screen().has_quit && !shop.screen().has_started_anew);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_session_asks_nobody() {
    let shop = with_window().await;
    assert!(shop.inputs.send(Input::EndSession).is_ok());
    // The session closes the windows at the same moment.
    shop.input(Input::WindowClosed(Window::Main)).await;
    assert!(shop.screen().has_quit && shop.engine().is_shut_down);
}

#[tokio::test(start_paused = true)]
async fn the_demo_ends_without_a_word() {
    let mut beginning = Beginning::complete();
    beginning.demo = true;
    let shop = beginning.start().await;
    shop.input(Input::Tray(MenuItem::Quit)).await;
    assert!(shop.screen().has_quit);
}
