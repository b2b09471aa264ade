// The commands of `commands.rs`, declared once: for the app, and for `build.rs`, which makes a permission of each.
// Which window may call which is in `capabilities/`.
macro_rules! with_commands {
    ($macro:ident) => {
        $macro![
            view,
            sync_now,
            mark_seen,
            mark_all_seen,
            mark_from_before_seen,
            pause,
            resume,
            quiet_trouble,
            quit,
            keep_running,
            open_settings,
            save_settings,
            save_preferences,
            remove_key,
            test_connection,
            test_alarm,
            preview_chime,
            history,
            history_order,
            order_json,
            mark_unseen,
            open_link,
            activity,
            print_ticket,
            ticket_left_dialog,
            show_data_folder,
            export_diagnostics,
            start_demo,
            check_for_updates,
            install_update,
            leave_settings,
        ]
    };
}
