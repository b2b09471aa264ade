//! A print dialog that does not block. WebKit's own runs a main loop within the main loop: no window opens and no page
//! gets an event until somebody closes it.

use std::cell::Cell;

use campana_shell::controller::{Input, TicketNews};
use gtk::prelude::*;
use gtk::{Builder, Dialog, PageSetup, PrintSettings, ResponseType, glib};
use tauri::{Manager as _, WebviewWindow};
use tokio::sync::mpsc::UnboundedSender;
use webkit2gtk::{PrintOperation, PrintOperationExt as _, WebViewExt as _};

use super::PrintDialogs;

/// The one that WebKit makes, with the same capabilities, and a title in GTK's words. GTK's bindings do not have its
/// type, the builder does.
const DIALOG: &str = r#"<interface domain="gtk30"><object class="GtkPrintUnixDialog" id="dialog">
  <property name="title" translatable="yes">Print</property>
  <property name="embed-page-setup">True</property>
  <property name="manual-capabilities">number-up | number-up-layout | page-set | reverse | copies | collate | scale</property>
  <property name="destroy-with-parent">True</property>
</object></interface>"#;

/// Lets this window's pages print through a dialog that blocks nothing. `inputs` learns how it ended.
///
/// # Errors
/// When the window is gone.
pub(in crate::desktop_tauri) fn handle_print(
    window: &WebviewWindow,
    inputs: UnboundedSender<Input>,
) -> tauri::Result<()> {
    let dialogs = window.state::<PrintDialogs>().inner().clone();
    let itself = window.clone();
    window.with_webview(move |webview| {
        webview.inner().connect_print(move |_, operation| {
            // Without its window the dialog stands alone, and prints as well.
            let parent = itself.gtk_window().ok();
            let ticket = Ticket::new(operation.clone(), dialogs.clone(), inputs.clone());
            if let Err(error) = open(parent.as_ref(), ticket) {
                tracing::error!(%error, "the print dialog does not open");
            }
            true
        });
    })
}

/// The ticket in a dialog. Dropped before printing, it counts as cancelled.
struct Ticket {
    operation: PrintOperation,
    dialogs: PrintDialogs,
    inputs: UnboundedSender<Input>,
    is_printed: Cell<bool>,
}

impl Ticket {
    fn new(
        operation: PrintOperation,
        dialogs: PrintDialogs,
        inputs: UnboundedSender<Input>,
    ) -> Self {
        let failed = inputs.clone();
        operation.connect_failed(move |_, reason| {
            tracing::warn!(%reason, "the system did not print a ticket");
            let _ = failed.send(Input::Ticket(TicketNews::FailedInDialog));
        });
        dialogs.0.send_modify(|open| *open += 1);
        Self {
            operation,
            dialogs,
            inputs,
            is_printed: Cell::new(false),
        }
    }

    fn print(&self, dialog: &Dialog) {
        self.is_printed.set(true);
        let settings = dialog.property::<Option<PrintSettings>>("print-settings");
        if let Some(settings) = settings {
            self.operation.set_print_settings(&settings);
        }
        let setup = dialog.property::<Option<PageSetup>>("page-setup");
        if let Some(setup) = setup {
            self.operation.set_page_setup(&setup);
        }
        self.operation.print();
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.is_printed.get() {
            let _ = self.inputs.send(Input::Ticket(TicketNews::Cancelled));
        }
        // Last: the page then asks how it ended.
        self.dialogs.0.send_modify(|open| *open -= 1);
    }
}

fn open(parent: Option<&gtk::ApplicationWindow>, ticket: Ticket) -> Result<(), glib::Error> {
    let builder = Builder::new();
    builder.add_from_string(DIALOG)?;
    let Some(dialog) = builder.object::<Dialog>("dialog") else {
        return Err(glib::Error::new(
            gtk::BuilderError::InvalidId,
            "no dialog was built",
        ));
    };
    dialog.set_transient_for(parent);
    let ticket = Cell::new(Some(ticket));
    dialog.connect_response(move |dialog, response| {
        let Some(ticket) = ticket.take() else { return };
        if response == ResponseType::Ok {
            ticket.print(dialog);
        }
        // A window that is closed goes by itself.
        if response != ResponseType::DeleteEvent {
            dialog.close();
        }
    });
    dialog.present();
    Ok(())
}
