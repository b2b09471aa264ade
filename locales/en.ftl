## The windows

app-name = Campana
demo-badge = Demo
sync-now = Sync now
sync-running = Syncing…
sync-done-some = { $orders ->
    [one] { $orders } new order
   *[other] { $orders } new orders
  }
sync-done-incomplete = Could not finish
since-time = since { $moment }
since-day = since { $moment }
pill-last-sync = Last sync: { $moment }
open-settings = Settings
command-failed = That did not work. { $reason }
dismiss = Close
starting = Opening…

sound-menu = Sound and alerts
pause-title = Pause sound and alerts
pause-30 = 30 minutes
pause-120 = 2 hours
pause-until-resumed = Until I resume
paused-until = Paused until { $moment }
paused = Paused
resume = Resume
pause-explained = Orders keep coming in, without sound or alerts. You are reminded of one without an end every hour.
no-sound-title = Orders cannot be heard
no-sound-text = No speaker was found. Connect or switch one on and test the alarm in Settings.
damage-title = The orders’ file was damaged
damage-notice = Open Campana to see what to check.
damage-since = What could be saved was saved. Check the orders at the server since then ({ $since }).
damage-today = What could be saved was saved. Check today’s orders at the server.
no-tray-title = This desktop does not show Campana’s icon
no-tray-text = So this window does not close: it is minimised, and Campana keeps watching.

band-offline = No orders are arriving
band-key-missing = No orders are arriving
band-key-refused = No orders are arriving
band-storage-failed = Orders are not being saved
band-limited = Some orders may not show here
band-polling-only = Orders arrive once a minute
band-another-receiver = Another program is collecting these orders
another-receiver-text = Only one program should receive them. Check in Settings who does.
confirmations-refused-title = { $orders ->
    [one] The server refuses the confirmation of 1 order
   *[other] The server refuses the confirmation of { $orders } orders
  }
confirmations-refused-text = It will keep sending them. Tell whoever manages your system.
part-stopped-title = Part of Campana has stopped
part-stopped-text = Campana is trying to start it again. If this goes on, quit Campana and open it again.
polling-only-text = Instant alerts are not working right now. They come back by themselves.
next-attempt-seconds = Next try in { $seconds } s.
next-attempt-minutes = { $minutes ->
    [one] Next try in { $minutes } minute.
   *[other] Next try in { $minutes } minutes.
  }
next-attempt-now = Trying now…
retry = Try again
what-to-check = What to check
technical-words = For technical support:
hint-network = Check that the network cable is plugged in or that the wifi is on.
hint-router = Switch the router off, wait a minute and switch it on again.
hint-other-device = Try whether another page opens on this computer.
hint-server-on = If the server is in the shop, check that it is on.
hint-address = In Settings, check that the server’s address is spelled right.
hint-clock = Check that this computer’s date and time are right.
hint-till = Meanwhile, look for orders at the till.
hint-support = If it stays like this for ten minutes, tell your support person.
hint-enter-key = In Settings, enter your shop’s access key.
hint-copy-key = Copy the key again, complete and without spaces, and save it in Settings.
hint-key-renewed = Ask whether someone changed the key on the server.
hint-unlock-keyring = Unlock the keyring: usually with the computer’s password.
hint-free-space = Empty the trash and delete files that you do not need.
hint-restart = Quit Campana and open it again.
hint-receiver = In Settings, check who receives the orders.

list-title = Orders
group-unseen = Not seen
group-before = From before
group-seen = Seen today
mark-all-seen = Mark all as seen
calm-title = All seen
calm-text = When an order arrives, it shows here and rings.
quiet-title = No orders yet today
quiet-trouble-text = Orders will show here once the connection works again.
set-up-title = Connect Campana to your shop
set-up-text = You need two things: the server’s address and the access key.
set-up-button = Open Settings
nothing-selected = Choose an order from the list.

age-now = now
age-minutes = { $minutes } min
age-hours = { $hours } h
age-hours-minutes = { $hours } h { $minutes } min
age-days = { $days } d
items-count = { $items ->
    [one] { $items } item
   *[other] { $items } items
  }
type-delivery = Delivery
type-take-away = Pickup
type-dine-in = Eat in
type-table = Table { $table }
type-unknown = Order
no-customer = No name
order-name = Order { $number }, { $customer }
tag-changed = Changed
tag-cancelled = Cancelled
tag-unstored = Not saved

back-to-list = Back to the list
seen = Seen
seen-at = Seen at { $moment }
payment-due = { $method } · to be paid
payment-paid = { $method } · paid
method-cash = Cash
method-card = Card
method-transfer = Transfer
method-online = Online
method-other = Other payment
due-delivery = { $made } · deliver { $due }
due-take-away = { $made } · pickup { $due }
due-ready = { $made } · ready { $due }
due-scheduled = { $made } · scheduled { $due }
notice-cancelled = This order was cancelled. Do not prepare it.
notice-changed = This order changed: { $changes }.
notice-changed-plain = This order changed. Please read it again.
notice-unstored = This order is not saved on disk yet. Do not switch the computer off.
change-type = kind of order
change-items = items
change-total = total
change-notes = note
change-address = address
change-scheduled-time = time
change-cancelled = cancelled
half-flavor = ½ { $flavors }
half-unnamed = the other half
part-added = With { $names }
part-left-out = Without { $names }
half-with = { $half }: with { $names }
half-without = { $half }: without { $names }
item-unnamed = Item without a name
no-items = This order has no items. Check it at the till.
unreadable-title = Order that cannot be read
unreadable-hint = Look it up in your system
unreadable-text = The server sent an order that Campana could not read. Look it up in your system and handle it from there.
unreadable-raw = As the server sent it
charges-delivery = Delivery and other charges
charges-other = Other charges
charges-discount = Discount
total = Total
customer-note = Customer’s note
copy-address = Copy the address
copied = Copied
phone = Phone

settings-title = Campana settings
section-connection = Connection
section-alerts = Alerts
section-appearance = Appearance
settings-damaged = The settings file was damaged and was put aside. Please check these and save them again.
address-label = Server address
address-example = https://orders.myshop.com
key-label = Access key
key-keyring = Saved in the system’s keyring
key-memory = Only until Campana closes; it is in no keyring
key-environment = Given by the system (CAMPANA_API_KEY)
key-missing = Paste it here
key-locked = The keyring is locked
key-denied = The keyring denied access
key-change = Change
key-keep = Keep it
key-remove = Remove
key-remove-sure = Remove the key? Orders will stop arriving.
key-remove-yes = Yes, remove
cancel = Cancel
key-explained = The key is never shown and never saved in files.
receiver-label = Who receives the orders?
receiver-campana = Campana
receiver-campana-text = It tells the server that they arrived.
receiver-till = The till
receiver-till-text = Campana only rings; it confirms nothing.
profile-label = Kind of server
profile-auto = Automatic
profile-guide = The guide’s
profile-unified = Unified
profile-unified-legacy = Unified, older
test-connection = Test connection
testing-connection = Testing…
save = Save
saving = Saving…
saved = Saved
alarm-label = Alarm
alarm-text = Rings when an order arrives and until somebody marks it as seen.
test-alarm = Test the alarm
alarm-playing = It is ringing. You cannot hear it? Check the volume and the speaker.
language-label = Language
language-system = The system’s
language-es = Español
language-en = English
theme-label = Colours
version = Campana { $version }

## The main window: sections, history, activity, printing

tabs-label = Sections
tab-orders = Orders
tab-history = History
tab-activity = Activity
sync-done-none = All up to date · { $moment }
last-sync = Last: { $moment }
last-sync-none = Not synced yet
quiet-silent-text = When an order arrives, it shows here, without sound.
announce-new = New order: { $number }, { $customer }, { $type }
announce-changed = Order { $number } changed, { $customer }
announce-cancelled = Order { $number } was cancelled, { $customer }
announce-unreadable = An order came that cannot be read. Look it up in your system.
announce-several = { $orders } orders to see
silence = Silence
sound-failing-text = The speaker does not respond. Check that it is connected and test the alarm in Settings.
muted-title = The alarm is turned down
muted-text = Orders cannot be heard. Turn up the volume in Settings.
paused-missed = { $orders ->
    [0] Orders still arrive, without sound.
    [one] 1 order arrived without sound and nobody has seen it.
   *[other] { $orders } orders arrived without sound and nobody has seen them.
  }

quit-title = Quit Campana?
quit-text = If you quit, nothing will tell you about new orders.
quit-unseen = { $orders ->
    [one] There is 1 order not seen.
   *[other] There are { $orders } orders not seen.
  }
quit-stay = Keep running
quit-leave = Quit
mark-all-title = { $orders ->
    [one] Mark 1 order as seen?
   *[other] Mark { $orders } orders as seen?
  }
mark-all-text = They stop ringing, even those nobody has read.
mark-all-yes = Mark all
mark-unseen = Mark as not seen

print = Print
print-again = Print again
printing = Printing…
printed = Printed
printed-duplicate = Printed as DUPLICATE
ticket-duplicate = DUPLICATE
ticket-printed = Printed { $moment }
ticket-collect = To collect
ticket-paid = Paid
ticket-made = Ordered { $moment }
ticket-deliver = Deliver { $moment }
ticket-pick-up = Pick up { $moment }
ticket-ready = Ready { $moment }
ticket-scheduled = Scheduled { $moment }
ticket-note = Note

copy-phone = Copy the phone number
open-map = Show on the map
technical-open = Details for support
technical-title = Details of order { $number } for support
technical-id = Identifier
technical-version = Version
technical-received = Arrived here
technical-confirmed = Confirmed to the server
technical-printed = Times printed
technical-json = As the server sent it
technical-copy = Copy
technical-yes = Yes
technical-no = No

shortcuts-open = Keyboard shortcuts
shortcut-arrows = Go through the list
shortcut-enter = Read the selected order
shortcut-seen = Mark as seen
shortcut-unseen = Mark as not seen
shortcut-print = Print the order
shortcut-sync = Sync now
shortcut-search = Search the history
shortcut-back = Go back or close
shortcut-help = Show these shortcuts

history-search = Search the history
history-example = Customer, phone, number, product
history-clear = Clear the search
range-label = Dates
range-all = All days
range-today = Today
range-yesterday = Yesterday
range-week = Last 7 days
range-month = Last 30 days
range-custom = Choose dates
range-from = From
range-until = To
range-wrong = Write each date like this: 14/03/2026
range-reversed = The first date is later than the second.
history-found = { $orders ->
    [one] { $orders } order
   *[other] { $orders } orders
  }
history-none-title = No order matches
history-none-text = Try fewer letters or more days.
history-none-button = Remove filters
history-empty-title = No orders are kept yet
history-empty-text = Every order that arrives stays here, to be found later.
history-failed = The history could not be read. Try again.
history-loading = Searching…
tag-unseen = Not seen
tag-emptied = No data
notice-emptied = The data of this order were deleted because of its age. Only its record remains.

activity-all = Everything
activity-problems = Problems
activity-empty-title = Nothing has been noted yet
activity-empty-text = What Campana does stays here: connections, pulls and confirmations.
activity-fine-title = No problems
activity-fine-text = Everything worked as far as Campana remembers.
activity-choose = Choose a line to see what it means.
activity-failed = The activity could not be read. Try again.
activity-do-title = What can I do
activity-do-nothing = Nothing. This is normal.
activity-do-wait = Nothing. Campana tries again by itself.
hint-find-order = Look for that order at the till or on the server: it cannot be read here.
hint-show-support = Tell your support person and show them the details below.
activity-do-past = Nothing: it is over, Campana is up to date. If it happens again:
activity-technical = For technical support
activity-code = Code
activity-duration = Duration
activity-size = Size
activity-number = Number
activity-reason = Reason
activity-raw = How it begins
activity-retry-for = Wait of { $seconds } s
activity-orders = { $orders ->
    [0] no orders
    [one] { $orders } order
   *[other] { $orders } orders
  }
activity-attempt = attempt { $attempt }
aside-order = An order that could not be read
aside-customer = A customer that could not be read
refused-order = An order that could not be confirmed
refused-customer = A customer that could not be confirmed
meaning-aside-order = It came in a form that Campana does not understand. The list of orders shows it without its details.
meaning-aside-customer = A customer's data came in a form that Campana does not understand. The orders lack nothing.
meaning-refused-order = The order is stored here, but the server does not accept the confirmation. Campana tries again every day.
meaning-refused-customer = The server does not let a customer be confirmed. Campana tries again every day.
meaning-started = Campana was opened.
meaning-ended = Campana was closed. While it is closed, nothing tells of new orders.
meaning-configured = Campana took the connection from Settings.
meaning-asked = Somebody asked to sync, or this computer's network changed.
meaning-connecting = Campana opens the connection by which the server tells of orders at once.
meaning-joined = The server accepted the connection. From here on it tells at once.
meaning-refused = The server did not let Campana into the channel of announcements.
meaning-closed = The connection was cut. Campana opens another one by itself.
meaning-closed-by-campana = Campana closed this connection to open another one.
meaning-hint = The server told that there is something new.
meaning-question = Campana asked whether the connection is alive, and the server answered.
meaning-question-failed = Campana asked whether the connection is alive, and nobody answered.
meaning-pull = Campana asked for the pending orders, and the answer came whole.
meaning-pull-failed = Campana asked for the pending orders, and the answer did not come as it should.
meaning-confirm = Campana told the server which orders are stored here.
meaning-confirm-failed = The server did not accept the confirmation. The orders are still stored here.
meaning-store = What came was stored on this computer.
meaning-store-failed = This computer could not store what came. Nothing was confirmed.
meaning-set-aside = Something came that could not be read or confirmed, and was set aside. The rest went on.
meaning-status = The state of the connection changed.
meaning-retry = Campana waits a little before it tries again.
meaning-unknown = A newer version of Campana noted this.

## The tray, its menu and the notifications

app-usage = the order bell in the tray
app-usage-demo = the same with sample orders, apart from everything real
app-usage-version = the version
menu-open = Open
menu-sync-now = Sync now
menu-pause = Pause
menu-pause-30 = 30 minutes
menu-pause-120 = 2 hours
menu-pause-open-ended = Until I resume (with a reminder every hour)
menu-resume = Resume
menu-settings = Settings…
menu-quit = Quit
tray-unseen = { $number ->
    [one] 1 unseen order
   *[other] { $number } unseen orders
}
tray-paused = Paused
tray-paused-until = Paused until { $time }
window-main-title = Campana
window-settings-title = Campana settings
notification-new-order = New order: { $number }
notification-changed = Order { $number } changed
notification-changes = Changed: { $changes }
notification-read-again = Read it again.
notification-cancelled = CANCELLED: order { $number }
notification-do-not-prepare = Do not prepare it.
notification-dine-in = Dine in
notification-take-away = Take away
notification-delivery = Delivery
notification-unreadable = An order that cannot be read
notification-unreadable-body = Open Campana, and look it up in your system.
notification-some-order = New order
notification-several = { $number ->
    [one] 1 new order
   *[other] { $number } new orders
}
notification-several-kinds = { $number ->
    [one] 1 order to look at
   *[other] { $number } orders to look at
}
notification-count-new = { $number ->
    [one] 1 new
   *[other] { $number } new
}
notification-count-changed = { $number ->
    [one] 1 changed
   *[other] { $number } changed
}
notification-count-cancelled = { $number ->
    [one] 1 cancelled
   *[other] { $number } cancelled
}
notification-missed = { $number ->
    [one] 1 order came during the pause
   *[other] { $number } orders came during the pause
}
notification-still-paused = Campana is still paused
notification-still-paused-body = { $number ->
    [0] Orders arrive without sound. We remind you every hour.
    [one] 1 order arrived without sound and nobody has seen it. We remind you every hour.
   *[other] { $number } orders arrived without sound and nobody has seen them. We remind you every hour.
}
notification-still-ringing = { $number ->
    [one] 1 order is still unseen
   *[other] { $number } orders are still unseen
}
notification-open-to-see = Open Campana to see them.
notification-trouble-body = Open Campana to see what to check.
notification-trouble-over = Orders are arriving again
notification-stored-again = Orders are being stored again
notification-open = Open
notification-seen = Seen
notification-quiet = Silence
notification-test = Alarm test
notification-test-body = This is how a new order is announced.

## The command line

cli-help = Campana's engine on the command line: receives, stores and confirms orders
cli-help-watch = Stays connected: receives, stores and confirms
cli-help-pull = Receives once what is pending, and ends
cli-help-doctor = Examines the connection to the server step by step and says what to do; confirms nothing
cli-help-activity = What happened lately on the connection: alerts, pulls and confirmations, without customer data
cli-help-inbox = The stored orders
cli-help-inbox-list = Shows them
cli-help-inbox-set-aside = Shows what was set aside: what could not be read, and what the server does not let be confirmed
cli-help-inbox-seen = Marks them as seen
cli-help-inbox-check = Checks that the inbox is sound
cli-option-backend-url = The server's address, for example https://orders.myshop.com
cli-option-data-dir = The folder in which orders are stored
cli-option-certificate-authority = A PEM file with the certificate authority to trust besides the system's
cli-option-profile = How the server speaks; without it, as in the settings or auto, which finds out
cli-option-confirm = Whether what came is confirmed (on), or only watched (off)
cli-option-json = One JSON object a line
cli-option-limit = How many lines, the most recent
cli-option-id = The order to mark
cli-option-all = All of them
cli-no-address = The server's address is missing. Give it with --backend-url, in CAMPANA_BACKEND_URL or in Campana's settings.
cli-address-not-a-url = The server's address is not valid. Write it like this: https://orders.myshop.com
cli-address-scheme = The server's address must begin with http:// or https://.
cli-address-credentials = The server's address must not hold a user name or password. Remove them.
cli-settings-unreadable = Campana's settings cannot be read ({ $detail }). Open and save them again, or give the address with --backend-url.
cli-usage-unknown = “{ $what }” is not known.
cli-usage-value = “{ $value }” is no value of { $what }.
cli-usage-no-value = { $what } lacks its value.
cli-usage-possible = It can be: { $values }.
cli-usage-missing = { $what } is missing.
cli-usage-conflict = { $what } and { $value } cannot be used together.
cli-usage-wrong = campana-sync cannot be used like this.
cli-usage-help = See the help with: campana-sync --help
cli-no-order = There is no order “{ $id }”. See what there is with: campana-sync inbox list
cli-key-missing = The API key is missing. Save it in Campana's settings or put it in CAMPANA_API_KEY.
cli-keyring = The system's keyring does not hand out the key ({ $detail }). Unlock it, or put the key in CAMPANA_API_KEY.
cli-key-refused = The server does not accept the key. Copy it from the server again.
cli-unreachable = The server does not answer. Check the address and the network.
cli-certificate-refused = The server's certificate cannot be trusted, so nothing was sent to it. Check the address and this computer's clock, or name its authority with --certificate-authority.
cli-certificate-authority = The file of the certificate authority cannot be used ({ $detail }). Check --certificate-authority, CAMPANA_CERTIFICATE_AUTHORITY or Campana's settings.
cli-server-error = The server answers with an error. Tell whoever looks after it.
cli-inbox-in-use = Another Campana already receives orders in { $path }. Close it, or name another folder with --data-dir.
cli-disk-full = The disk is full. Free some space; no order was confirmed without being stored.
cli-inbox-unusable = Orders cannot be stored or read ({ $detail }). Check the disk and the folder's permissions.
cli-inbox-unsound = { $number ->
    [one] One problem was found in the stored orders.
   *[other] { $number } problems were found in the stored orders.
}
cli-no-inbox = No order has been stored in { $path } yet.
cli-engine-ended = Campana stopped receiving orders because of an internal error. Start it again.
cli-output = The output cannot be written ({ $detail }).
cli-inbox-was-damaged = The orders' file was damaged. What could be saved was saved; the damaged file is at { $path }. Check today's orders at the server.
cli-inbox-was-damaged-since = The orders' file was damaged. What could be saved was saved; the damaged file is at { $path }. Check the orders at the server since { $since }.
cli-activity-empty = Nothing is noted yet.
activity-started = Campana began
activity-ended = Campana ended
activity-configured = Connection data
activity-asked = Asked to sync
activity-connecting = Opens connection
activity-joined = Joined the channel
activity-refused = The channel refused
activity-closed = Connection closed
activity-hint = Alert
activity-question = Question
activity-pull = Pull
activity-confirm = Confirmation
activity-store = Stored
activity-set-aside = Set aside
activity-status = Status
activity-retry = Waits (seconds)
cli-inbox-empty = There are no stored orders.
cli-nothing-set-aside = Nothing is set aside.
cli-aside-order-unreadable = An order that could not be read ({ $what }). Look for it at the server.
cli-aside-customer-unreadable = A customer who could not be read ({ $what }).
cli-aside-order-not-confirmable = Order { $what } is stored, but the server does not let it be confirmed. Tell whoever looks after the server.
cli-aside-customer-not-confirmable = The server does not let customer { $what } be confirmed. Tell whoever looks after the server.
cli-inbox-sound = The stored orders are sound.
cli-marked-seen = { $number ->
    [one] One order was marked as seen.
   *[other] { $number } orders were marked as seen.
}
cli-pulled = { $number ->
    [0] There are no new orders.
    [one] One new order came.
   *[other] { $number } new orders came.
}
cli-rings-new = New order: { $id }
cli-rings-changed = Order { $id } changed
cli-rings-cancelled = Order { $id } was cancelled
cli-still-rings = Still not seen: { $id }
cli-confirmed = { $number ->
    [one] One order was confirmed.
   *[other] { $number } orders were confirmed.
}
cli-set-aside = Something that could not be read or confirmed was set aside: { $id }
cli-type-dine-in = Table
cli-type-take-away = Take away
cli-type-delivery = Delivery
cli-type-other = –
cli-state-ringing = not seen
cli-state-from-before = from before
cli-state-seen = seen

## The connection's examination

doctor-outcome-ok = good
doctor-outcome-warning = look
doctor-outcome-failed = failed
doctor-outcome-skipped = not tried
doctor-skipped = Not tried: “{ $check }” failed before.
doctor-all-well = All is well.
doctor-warnings = { $number ->
    [one] It works, with one warning.
   *[other] It works, with { $number } warnings.
}
doctor-failures = { $number ->
    [one] One check failed. Begin there.
   *[other] { $number } checks failed. Begin with the first.
}

doctor-address = Address
doctor-address-readable = It is well written.
doctor-address-empty = The server's address is missing.
doctor-address-empty-do = Enter it in the settings, or give it with --backend-url.
doctor-address-not-a-url = This is not an address.
doctor-address-not-a-url-do = Write it like this: https://orders.myshop.com
doctor-address-scheme = It begins neither with https:// nor with http://.
doctor-address-scheme-do = Correct the beginning of the address.
doctor-address-credentials = It contains a user name or password.
doctor-address-credentials-do = Remove them from the address.

doctor-keyring = Access key
doctor-keyring-in-keyring = It is in the system's keyring.
doctor-keyring-in-environment = The system gives it (CAMPANA_API_KEY).
doctor-keyring-in-memory = It holds until Campana is closed; it is in no keyring.
doctor-keyring-typed = It is the one that you just typed.
doctor-keyring-missing = There is no key for this address.
doctor-keyring-missing-do = Paste it in the settings and save.
doctor-keyring-no-keyring = This system has no keyring, and there is no key.
doctor-keyring-no-keyring-do = Paste it in the settings, or put it in CAMPANA_API_KEY.
doctor-keyring-locked = The keyring is locked.
doctor-keyring-locked-do = Unlock it: usually with the computer's password.
doctor-keyring-denied = The keyring gave no permission.
doctor-keyring-denied-do = Allow it, or paste the key again in the settings.
doctor-keyring-unusable = The key has characters that cannot be used.
doctor-keyring-unusable-do = Copy it again from the server, whole and without spaces.

doctor-disk = Disk
doctor-disk-writable = Orders can be kept.
doctor-disk-in-use = Orders can be kept. Campana is open, which is fine.
doctor-disk-low-space = There is little space left.
doctor-disk-low-space-do = Empty the bin and delete files that you do not need.
doctor-disk-full = The disk is full.
doctor-disk-full-do = Empty the bin and delete files that you do not need.
doctor-disk-unwritable = Nothing can be written in Campana's folder.
doctor-disk-unwritable-do = Check the folder's permissions.
doctor-disk-timed-out = The disk does not answer.
doctor-disk-timed-out-do = If the folder is on another computer, check that it is switched on.

doctor-name = Server name
doctor-name-found = It was found.
doctor-name-literal = The address is a number; nothing has to be looked up.
doctor-name-via-proxy = The way out is through a proxy.
doctor-name-not-found = There is no server of that name.
doctor-name-not-found-do = Check that the address is spelled right.
doctor-name-no-network = This computer has no network.
doctor-name-no-network-do = Check the cable or the Wi-Fi.
doctor-name-timed-out = Nobody answers for that name.
doctor-name-timed-out-do = Try whether another page opens on this computer.

doctor-port = Server
doctor-port-open = It takes connections.
doctor-port-via-proxy = The proxy takes connections.
doctor-port-refused = The computer answers, but the server takes no connections.
doctor-port-refused-do = Check that the server is running and that the port in the address is right.
doctor-port-timed-out = It does not answer.
doctor-port-timed-out-do = Check that it is switched on and that no firewall is in the way.
doctor-port-unreachable = There is no way to the server.
doctor-port-unreachable-do = Check the internet connection and the address.
doctor-port-no-network = This computer has no network.
doctor-port-no-network-do = Check the cable or the Wi-Fi.
doctor-port-proxy-closed = The proxy takes no connections.
doctor-port-proxy-closed-do = Tell whoever looks after the network.

doctor-tls = Secure connection
doctor-tls-encrypted = The connection is encrypted.
doctor-tls-local = The server is in the shop; no encryption is needed.
doctor-tls-not-encrypted = The connection is not encrypted: others can read the key and the orders.
doctor-tls-not-encrypted-do = Ask for an address of the server with https://
doctor-tls-unknown-authority = The server's certificate is from an unknown authority.
doctor-tls-unknown-authority-do = Ask for a recognised certificate, or add its authority to this computer.
doctor-tls-wrong-name = The server's certificate is for another name.
doctor-tls-wrong-name-do = Check that the address is spelled right.
doctor-tls-expired = The server's certificate has expired.
doctor-tls-expired-do = Check this computer's date; if it is right, ask for the certificate to be renewed.
doctor-tls-not-yet-valid = The server's certificate is not valid yet.
doctor-tls-not-yet-valid-do = Check this computer's date and time.
doctor-tls-revoked = The server's certificate was revoked.
doctor-tls-revoked-do = Tell whoever looks after the server.
doctor-tls-invalid-certificate = The server's certificate is not valid.
doctor-tls-invalid-certificate-do = Tell whoever looks after the server.
doctor-tls-authority-unusable = The file with your own certificate authority cannot be used.
doctor-tls-authority-unusable-do = Check that it is there and that it is a certificate in PEM.
doctor-tls-not-tls = What answers there does not encrypt.
doctor-tls-not-tls-do = Check the port, or whether the address begins with http://
doctor-tls-timed-out = The secure connection was not made in time.
doctor-tls-timed-out-do = Try again in a minute.
doctor-tls-failed = The secure connection could not be made.
doctor-tls-failed-do = Tell whoever looks after the server.

doctor-socket-io = Alert service
doctor-socket-io-answers = It answers.
doctor-socket-io-not-there = Something else answers there, not the alert service.
doctor-socket-io-not-there-do = Check the address and the port.
doctor-socket-io-old-version = The alert service is of an older version.
doctor-socket-io-old-version-do = Ask for the server to be updated (Socket.IO 3 or later).
doctor-socket-io-redirected = The server sends elsewhere.
doctor-socket-io-redirected-do = Ask for the right address and enter it in the settings.
doctor-socket-io-server-error = The server answers with an error.
doctor-socket-io-server-error-do = Wait a minute; if it goes on, tell whoever looks after it.
doctor-socket-io-timed-out = The server takes too long to answer.
doctor-socket-io-timed-out-do = Try again in a minute; if it goes on, tell whoever looks after it.
doctor-socket-io-broken-off = The server cut the connection.
doctor-socket-io-broken-off-do = Check the port, and whether the address takes http:// or https://

doctor-namespace = Order channel
doctor-namespace-there = The server has it.
doctor-namespace-only-root = The server sends alerts, but not in the order channel (/sync).
doctor-namespace-only-root-do = Check the address, or ask for synchronisation to be switched on at the server.
doctor-namespace-missing = The server has no order channel (/sync).
doctor-namespace-missing-do = Check the address, or ask for synchronisation to be switched on at the server.
doctor-namespace-timed-out = The channel does not answer in time.
doctor-namespace-timed-out-do = Try again in a minute; if it goes on, tell whoever looks after the server.
doctor-namespace-closed = The connection is cut before the channel is entered.
doctor-namespace-closed-do = Tell whoever looks after the server or the network.
doctor-namespace-certificate-refused = The server's certificate is not trusted.
doctor-namespace-certificate-refused-do = Tell whoever looks after the server.

doctor-transport = Alert delivery
doctor-transport-web-socket = They come at once.
doctor-transport-only-polling = They come, but the slow way: WebSocket does not get through.
doctor-transport-only-polling-do = Ask for WebSocket to be allowed at the server, the antivirus or the network.

doctor-socket-key = Key for alerts
doctor-socket-key-accepted = It is accepted.
doctor-socket-key-key-refused = The server does not accept the key.
doctor-socket-key-key-refused-do = Copy it again from the server (CLOUD_API_KEY) and save it.
doctor-socket-key-key-not-received = The server says that it received no key.
doctor-socket-key-key-not-received-do = Tell whoever looks after the server.
doctor-socket-key-cannot-check = The server cannot check the key at the moment.
doctor-socket-key-cannot-check-do = Wait a minute; if it goes on, tell whoever looks after it (Redis).
doctor-socket-key-refused = The server does not let anybody into the channel.
doctor-socket-key-refused-do = Tell whoever looks after the server.

doctor-round-trip = There and back
doctor-round-trip-answered = The answer came back.
doctor-round-trip-no-answer = The server answers no questions.
doctor-round-trip-no-answer-do = Orders come all the same. If they are late, tell whoever looks after the server.
doctor-round-trip-closed = The connection was cut over a question.
doctor-round-trip-closed-do = Orders come every minute. Tell whoever looks after the server or the network.

doctor-pull = Orders
doctor-pull-accepted = They are handed out for this key.
doctor-pull-key-refused = The server does not accept the key.
doctor-pull-key-refused-do = Copy it again from the server (CLOUD_API_KEY) and save it.
doctor-pull-key-refused-here = It does not accept the key for orders, although it does for alerts.
doctor-pull-key-refused-here-do = Tell whoever looks after the server.
doctor-pull-key-not-received = The server says that it received no key.
doctor-pull-key-not-received-do = Tell whoever looks after the server.
doctor-pull-not-there = No orders are handed out at this address.
doctor-pull-not-there-do = Check the address; if anything follows the name, ask whether that is right.
doctor-pull-server-error = The server answers with an error.
doctor-pull-server-error-do = Wait a minute; if it goes on, tell whoever looks after it.
doctor-pull-redirected = The server sends elsewhere.
doctor-pull-redirected-do = Ask for the right address and enter it in the settings.
doctor-pull-too-large = The server sent too much data.
doctor-pull-too-large-do = Tell whoever looks after the server.
doctor-pull-not-understood = What it answers are no orders.
doctor-pull-not-understood-do = Check the address.
doctor-pull-timed-out = The server takes too long.
doctor-pull-timed-out-do = Try again in a minute; if it goes on, tell whoever looks after it.
doctor-pull-broken-off = The answer broke off in the middle.
doctor-pull-broken-off-do = Try again in a minute; if it goes on, tell whoever looks after it.
doctor-pull-unreachable = The server no longer answers.
doctor-pull-unreachable-do = Check the internet connection and try again.
doctor-pull-certificate-refused = The server's certificate is not trusted.
doctor-pull-certificate-refused-do = Tell whoever looks after the server.

doctor-profile = Kind of server
doctor-profile-fixed = It is the chosen one.
doctor-profile-adopted = It was found by itself.

doctor-clock = Clock
doctor-clock-right = It agrees with the server's.
doctor-clock-not-told = The server does not tell its time.
doctor-clock-ahead = This computer's clock is ahead.
doctor-clock-ahead-do = Set the time to automatic.
doctor-clock-behind = This computer's clock is behind.
doctor-clock-behind-do = Set the time to automatic.

## The status, its causes and the errors

verdict-in-sync = Up to date
verdict-syncing = Syncing
verdict-connecting = Connecting
verdict-polling-only = Delayed: once a minute
verdict-paused = Paused
verdict-confirmations-refused = The server refuses confirmations
verdict-another-receiver = Another program takes the orders
verdict-unreadable = An order cannot be read
verdict-limited = Incomplete list
verdict-unheard = Orders cannot be heard
verdict-not-configured = Not set up
verdict-key-missing = Key missing
verdict-key-refused = Key not accepted
verdict-storage-failed = Not being saved
verdict-offline = No connection
verdict-part-stopped = Part of Campana has stopped

cause-no-network = This computer has no network. Check the cable or the wifi.
cause-server-unreachable = The server does not answer. Check the internet.
cause-certificate-refused = The server’s certificate cannot be trusted, so nothing was sent to it. Check the address in Settings.
cause-certificate-authority-unusable = The certificate file that the settings name cannot be used. Tell your support person.
cause-server-error = The server answers with an error. If it goes on, tell your support person.
cause-answer-not-understood = Campana does not understand the server’s answer. Check the address in Settings.
cause-redirected = The server sends elsewhere. Ask for the right address and enter it in Settings.
cause-answer-too-large = The server sent too much data. Tell your support person.
cause-namespace-missing = There are no order alerts at that address. Check the address in Settings.
cause-link-down = Instant alerts were cut off. They come back by themselves.
cause-no-hints = The server does not announce new orders. If it goes on, tell your support person.
cause-confirmation-off = The server holds too many orders that nobody received. Check the till and who receives them.
cause-page-stuck = The server repeats the same orders. Look for newer ones at the till.
cause-disk-full = The disk is full. Free some space.
cause-inbox-unwritable = This computer does not let them be saved. Quit Campana and open it again.
cause-keyring-unavailable = The system’s keyring does not give the key. Unlock it or enter the key in Settings.
cause-key-missing = The access key is missing. Enter it in Settings.
cause-key-refused = The server does not accept the key. Copy it again from the server.
cause-offline = There is no connection to the server. Check the internet.
cause-limited = The server does not hand out every order. Look for newer ones at the till.
cause-storage-failed = This computer cannot save. Quit Campana and open it again.

error-address-empty = Enter the server’s address.
error-address-not-a-url = This does not look like an address. It should be like https://orders.myshop.com
error-address-scheme = The address must begin with https:// or http://
error-address-credentials = Remove the user name and password from the address.
error-key-missing = Enter the access key.
error-key-unusable = The key has characters that cannot be used. Copy it again.
error-keyring-locked = The keyring is locked. Unlock it and save again.
error-keyring-denied = The keyring denied access. Allow it and save again.
error-receiver-missing = Choose who receives the orders.
error-settings-unwritable = The settings could not be saved. Check the disk space.
error-storage-failed = It could not be saved. Check the disk space.
error-order-unknown = That order is no longer here.
error-link-none = This order has no address or phone that can be opened.
error-history-unreadable = The history cannot be read. Try again.
error-printer-missing = Enter the printer's address in Settings, or use the print dialog.
error-printer-unreachable = The printer does not answer. Check that it is on and connected.
error-printer-failed = The printer stopped halfway. Check the paper before you print again.
error-internal = Something failed. Please try again.

paper-duplicate = DUPLICATE
paper-order = Order { $number }
printer-unreachable-title = The ticket printer does not answer
printer-unreachable-body = Check that it is on, has paper and is connected. Waiting orders print when it answers.
printer-failed-title = A ticket may be missing
printer-failed-body = The printer stopped halfway. Check the paper; print the order again if it is missing.

## The settings, part by part

section-system = System
section-printing = Printing
number-between = Enter a number from { $least } to { $most }.
percent = { $number }%
unit-seconds = seconds
unit-minutes = minutes

address-explained = The web address of the system that takes your shop’s orders.
plain-http-title = This connection is not encrypted.
plain-http-text = On the internet, others can read the key and the orders. Ask for an address that begins with https://
plain-http-meant = I understand; use it anyway
error-address-plain-http = The address is not encrypted. Use one with https:// or confirm that you want it.
cause-address-plain-http = The address is not encrypted, and nobody allowed that. Check it in Settings.
key-paste = Paste
key-paste-refused = The button could not paste. Click into the field and press Ctrl + V.
key-reveal = Show what is typed
advanced-options = Advanced options
profile-auto-text = Campana finds out how the server speaks. Best for nearly everybody.
profile-guide-text = For servers made after the synchronisation guide.
profile-unified-text = For servers that hand out and confirm in one call.
profile-unified-legacy-text = Like unified, in its earlier version.
certificate-authority-label = Own certificate authority
certificate-authority-none = None
certificate-authority-explained = The path of a PEM file, if the server’s certificate was made by the shop itself.
error-certificate-authority-unreadable = This file cannot be read. Check the path and its permissions.
error-certificate-authority-malformed = This file is no certificate in PEM.
redirected-to = Change the address to { $address }
redirected-use = Use this address
shop-title = Is it the same shop?
shop-text = The address or the key changed, and there are orders here already.
shop-same = The same shop
shop-same-text = Earlier orders stay together with new ones; nothing rings again.
shop-other = Another shop
shop-other-text = It begins anew. Earlier orders are kept apart.

welcome-step = Step { $step } of 3
welcome-title-1 = Welcome to Campana
welcome-text-1 = In two minutes it will ring for every order. Where is your shop’s server?
welcome-title-2 = Connect your shop
welcome-text-2 = The key tells the server that it is you.
welcome-title-3 = Try the alarm
welcome-text-3 = This is how an order will sound. Turn it up until you hear it from the kitchen.
welcome-title-4 = All set
welcome-text-4 = Campana lives in the tray, beside the clock. It goes on ringing when you close the window. Click the bell to open it.
welcome-no-tray = This desktop does not show Campana’s icon: so the window with the orders is minimised instead of closed, and Campana goes on ringing.
welcome-demo-label = No address yet?
welcome-next = Next
welcome-back = Back
welcome-connect = Connect
welcome-finish = See the orders
welcome-skip = Fill in the settings without guidance

alerts-sound = Sound
sound-state-works = The sound works.
sound-state-no-device = No speaker was found.
sound-state-no-device-do = Connect one or switch it on, then test the alarm.
sound-state-failing = The speaker plays nothing.
sound-state-failing-do = Unplug it and plug it in again, or choose another one in the system; then test the alarm.
sound-state-muted = The alarm cannot be heard: the volume is 0.
sound-state-muted-do = Turn it up below.
test-alarm-stop = Stop
chime-label = Chime
chime-bell = Bell
chime-bell-text = Two strokes of metal
chime-marimba = Marimba
chime-marimba-text = Soft wooden tones
chime-buzzer = Buzzer
chime-buzzer-text = Short pulses, for noisy kitchens
chime-listen = Listen
chime-play = Listen: { $name }
volume-label = Volume
volume-mute = At volume 0 no order can be heard.
repeat-label = While an order is unseen, it sounds
repeat-continuous = Without pause
repeat-interval = Now and then
repeat-once = Only once
repeat-seconds-label = One chime every
alerts-unattended = If nobody attends to it
louder-label = Louder after
louder-text = With 0, never.
window-to-front-label = Bring the window to the front
window-to-front-text = After { $minutes } minutes unseen.
window-to-front-never = Needs the chime to get louder.
connection-lost-label = Warn if no orders have arrived for
alerts-age = The waiting time is shown
warm-label = In amber from
late-label = In red from
content-label = What notifications say
content-full = Everything
content-discreet = The least
content-example-title = New order: 47
content-full-example = Lucía Núñez · Delivery · $414.50
  Av. Hidalgo 214
  1 × Large pizza
content-discreet-example = Delivery · $414.50
content-text = The least is better where customers see the screen.

theme-system = The system’s
theme-light = Light
theme-dark = Dark
high-contrast-label = More contrast
high-contrast-text = Stronger letters and lines.
currency-label = Currency
currency-sample = Prices look like this: { $amount }

system-start = At the start
start-with-computer-label = Start with the computer
start-with-computer-text = Campana opens by itself when you log in.
start-with-computer-refused = Campana will not open by itself: the system does not allow it, or somebody switched it off there. Switch this off and on again.
start-with-computer-all-the-same = The system opens it all the same. Remove it from the startup programs.
start-hidden-label = Start without a window
start-hidden-text = Only the bell appears in the tray.
keep-awake-label = Keep the computer awake
keep-awake-text = While it sleeps, no orders arrive. The screen may still go dark.
system-data = Stored orders
retention-label = Keep orders
retention-days = { $days ->
    [0] For ever
    [365] 1 year
   *[other] { $days } days
  }
retention-text = { $days ->
    [0] No order is removed from this computer.
   *[other] The content of orders that were seen and confirmed more than { $days } days ago is removed. The others stay.
  }
data-folder-label = The orders’ folder
data-folder-text = They are kept here, on this computer only.
data-folder-button = Open
system-help = Help
diagnostics-label = Diagnostics
diagnostics-text = A file for whoever supports you. It holds neither the key nor customers’ data.
diagnostics-button = Save
diagnostics-busy = Checking…
diagnostics-done = Saved { $name }
demo-label = Sample orders
demo-text = Opens a second Campana to try, apart from everything real.
demo-button = Try it
demo-started = It opened in another window.
system-about = About Campana
licence-text = Free software under the MIT or Apache 2.0 licence.
licences-button = Others’ software in Campana

paper-label = Paper
paper-roll = 80 mm roll
paper-a4 = A4 sheet
printer-label = Ticket printer
printer-text = Its network address and port, or its device. Empty: the system’s window prints.
printer-wrong = Write it like 192.168.1.50:9100, or like /dev/usb/lp0.
automatic-label = Print each order when it arrives
automatic-text = Once, without asking.
automatic-needs-printer = Needs a ticket printer.

error-shop-unknown = Say whether it is the same shop.
error-folder-not-shown = The folder could not be opened. Open it by hand.
error-diagnostics-not-written = It could not be saved. Check the space on the disk.
error-demo-not-started = The samples could not be opened.
cli-address-plain-http = The address is not encrypted: on the internet, others can read the key and the orders. Use one with https://, or allow it in Campana’s settings.

system-updates = Updates
update-label = New versions
update-available = There is a new version: { $version }
update-installs-text = It is downloaded first; then Campana closes and opens by itself. Orders are kept, and those that come meanwhile ring when it opens.
update-package-text = Campana does not update itself on this computer. Update it along with the system, or ask whoever installed it for the new package.
update-unknown = Whether there is a new version is not known yet.
update-none = Campana is up to date. Checked: { $moment }
update-install = Install now
update-check = Check for updates
update-stage-checking = Checking…
update-stage-downloading = Downloading… Campana goes on receiving orders.
update-stage-waiting = Ready to install. See to the orders that ring first.
update-stage-installing = Installing… Campana will open by itself.
error-update-unreachable = The update server could not be reached. Check the internet connection and check again.
error-update-answer = The update server does not answer as it should. Check again later.
error-update-not-secure = The update does not come over a secure connection and was not used. Tell whoever supports you.
error-update-nothing-for-this-computer = There is no new version for this computer. Tell whoever supports you.
error-update-broken-off = The download broke off. Check the internet connection and install again.
error-update-too-large = The download is too large and was not used. Tell whoever supports you.
error-update-not-genuine = The download is not genuine and was not installed. Tell whoever supports you.
error-update-not-installed = It could not be installed; Campana stays as it was. Check the space on the disk and install again.
error-update-orders-wait = An alarm sounds or orders are unseen. See to them and install again.
