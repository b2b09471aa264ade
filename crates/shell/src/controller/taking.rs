//! What each input means.

use campana_contract::ElementKind;
use campana_sync::configuration::Key;
use campana_sync::inbox::AlertKind;
use campana_sync::report::Report;

use super::Controller;
use super::input::{Command, Input};
use crate::desktop::Window;
use crate::projection;
use crate::tray::MenuItem;
use crate::view::RoundView;

impl Controller {
    pub(super) fn take(&mut self, input: Input) {
        match input {
            Input::Report(report) => self.report(report),
            Input::Outcome(outcome) => self.outcome(outcome),
            Input::EngineRuns => {
                self.retain();
                self.read_orders();
            }
            Input::Tray(item) => {
                tracing::debug!(?item, "chosen in the tray");
                self.menu(item);
            }
            Input::Command(command) => self.command(command),
            Input::Notification(notice, answer) => {
                tracing::debug!(?answer, "a notification was answered");
                self.notification_answered(notice, answer);
            }
            Input::EndSession => self.quitting.session_ends(),
            Input::SecondInstance if self.quitting.is_decided => self.quitting.is_wanted_again(),
            Input::SecondInstance => self.desk.open(Window::Main),
            Input::WindowClosed(window) => self.window_closed(window),
            Input::TrayPresence(is_there) => self.tray_presence(is_there),
            Input::PartStopped(stopped) => self.state.part_stopped = stopped,
            Input::Sound(sound) => self.state.sound = sound,
            Input::Orders(result) => self.orders_read(result),
            Input::Marked(result, reply) => self.marked(result, reply),
            Input::KeyFound(source, found) => self.key_found(&source, found),
            Input::Saved(result, reply) => self.saved(result, reply),
            Input::PreferencesSaved(result, reply) => self.preferences_saved(result, reply),
            Input::KeyRemoved(source, result, reply) => self.key_removed(&source, result, reply),
            Input::Browse(page) => self.desk.browse(page),
            Input::Check(check) => self.desk.show_check(check),
            Input::Ticket(news) => self.ticket(news),
            Input::Autostart(is_on) => self.state.computer.starts_with_it = is_on,
            Input::Update(news) => self.update_news(news),
        }
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Status(status) => {
                let status = self.explained(status);
                if (status.kind, status.cause) != (self.state.status.kind, self.state.status.cause)
                {
                    tracing::info!(status = ?status.kind, cause = ?status.cause, "the status");
                }
                self.state.status = status;
                self.follow_trouble(self.now.at);
            }
            Report::Order { id, change } => {
                self.ticket_of_stored(id, change);
                self.read_orders();
            }
            Report::Confirmed { .. } => self.read_orders(),
            Report::Alert {
                order_id,
                kind,
                again,
            } => {
                if again && kind == AlertKind::NewOrder {
                    // It may have been stored by a life that ended before it could print.
                    self.ticket_due(order_id.clone());
                }
                self.rings(order_id, kind, again);
            }
            Report::Unstored(orders) => self.unstored(orders),
            Report::Damaged(damage) => {
                self.tell_damage();
                self.state.damage = Some(damage);
                self.read_orders();
            }
            Report::Round {
                new_orders,
                complete,
                asked_for,
            } => {
                if asked_for {
                    self.state.last_asked = Some(RoundView {
                        at: self.now.wall.0,
                        new_orders: u32::try_from(new_orders).unwrap_or(u32::MAX),
                        complete,
                    });
                }
            }
            Report::Unreadable {
                kind,
                hash,
                reason,
                again,
            } => {
                tracing::warn!(?kind, "an element cannot be read");
                tracing::debug!(reason, "why");
                if kind == ElementKind::Order {
                    self.rings(projection::unreadable_id(&hash), AlertKind::NewOrder, again);
                }
            }
            Report::ConfirmationRefused { kind, reason, .. } => {
                tracing::warn!(?kind, "the server refuses a confirmation");
                tracing::debug!(reason, "why");
            }
            Report::Hint { .. } => {}
        }
    }

    fn rings(&mut self, order: String, kind: AlertKind, again: bool) {
        self.reading.unread.insert(order.clone());
        self.alert(order, kind, again);
        self.read_orders();
    }

    fn menu(&mut self, item: MenuItem) {
        match item {
            MenuItem::Open => self.desk.open(Window::Main),
            MenuItem::SyncNow => self.sync_now(),
            MenuItem::MarkAllSeen => self.mark_all_seen(None, None),
            MenuItem::Pause(minutes) => self.pause(minutes),
            MenuItem::Resume => self.resume(),
            MenuItem::Settings => self.open_settings(),
            MenuItem::Quit => self.ask_to_quit(),
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::View(window, reply) => {
                // The answer of a closed window is nobody's.
                let _ = reply.send(projection::view(&self.state));
                if let Some(window) = window {
                    self.page_ready(window);
                }
            }
            Command::SyncNow => self.sync_now(),
            Command::MarkSeen { id, version, reply } => self.mark_seen(&id, version, reply),
            Command::MarkAllSeen { orders, reply } => self.mark_all_seen(orders, reply),
            Command::MarkFromBeforeSeen(reply) => self.mark_from_before_seen(reply),
            Command::Pause(minutes) => self.pause(minutes),
            Command::Resume => self.resume(),
            Command::QuietTrouble => self.quiet_trouble(),
            Command::Quit => self.quitting.is_decided = true,
            Command::KeepRunning => self.keep_running(),
            Command::OpenSettings => self.open_settings(),
            Command::SaveSettings(form, reply) => self.save(form, reply),
            Command::SavePreferences(preferences, reply) => {
                self.save_preferences(preferences, reply);
            }
            Command::RemoveKey(reply) => self.remove_key(reply),
            Command::ShowDataFolder(reply) => self.show_data_folder(reply),
            Command::ExportDiagnostics(reply) => self.export_diagnostics(reply),
            Command::StartDemo(reply) => self.start_demo(reply),
            Command::CheckForUpdates => self.check_for_updates(),
            Command::InstallUpdate => self.install_update(),
            Command::LeaveSettings => {
                self.desk.open(Window::Main);
                self.desk.close(Window::Settings);
            }
            Command::TestConnection(form, reply) => self.test_connection(form, reply),
            Command::PreviewChime { chime, volume } => self.desk.preview(chime, volume),
            Command::Look(look) => self.look(look),
            Command::TestAlarm => self.test_alarm(),
        }
    }

    fn sync_now(&mut self) {
        if matches!(self.connection.key, Key::Unavailable) {
            self.find_key();
        }
        self.reach.engine.sync_now();
    }

    fn open_settings(&mut self) {
        if matches!(self.connection.key, Key::Unavailable) {
            self.find_key();
        }
        self.desk.open(Window::Settings);
    }
}
