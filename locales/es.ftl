## Las ventanas

app-name = Campana
demo-badge = Demostración
sync-now = Sincronizar ahora
sync-running = Sincronizando…
sync-done-some = { $orders ->
    [one] { $orders } pedido nuevo
   *[other] { $orders } pedidos nuevos
  }
sync-done-incomplete = No se pudo completar
since-time = desde las { $moment }
since-day = desde el { $moment }
pill-last-sync = Última sincronización: { $moment }
open-settings = Ajustes
command-failed = No se pudo hacer. { $reason }
dismiss = Cerrar
starting = Abriendo…

sound-menu = Sonido y avisos
pause-title = Pausar sonido y avisos
pause-30 = 30 minutos
pause-120 = 2 horas
pause-until-resumed = Hasta que yo reanude
paused-until = En pausa hasta { $moment }
paused = En pausa
resume = Reanudar
pause-explained = Los pedidos siguen llegando, sin sonido ni avisos. Una pausa sin hora de fin se le recuerda cada hora.
no-sound-title = Los pedidos no se oyen
no-sound-text = No se encontró una bocina. Conecte o encienda una y pruebe la alarma en Ajustes.
damage-title = El archivo de pedidos estaba dañado
damage-notice = Abra Campana para ver qué revisar.
damage-since = Se recuperó lo posible. Revise en el servidor los pedidos desde entonces ({ $since }).
damage-today = Se recuperó lo posible. Revise en el servidor los pedidos de hoy.
no-tray-title = Este escritorio no muestra el icono de Campana
no-tray-text = Por eso esta ventana no se cierra: se minimiza, y Campana sigue avisando.

band-offline = No están llegando pedidos
band-key-missing = No están llegando pedidos
band-key-refused = No están llegando pedidos
band-storage-failed = Los pedidos no se están guardando
band-limited = Puede haber pedidos que aquí no se ven
band-polling-only = Los pedidos llegan cada minuto
band-another-receiver = Otro programa recoge estos pedidos
another-receiver-text = Solo un programa debe recibirlos. Revise en Ajustes quién los recibe.
confirmations-refused-title = { $orders ->
    [one] El servidor no acepta la confirmación de 1 pedido
   *[other] El servidor no acepta la confirmación de { $orders } pedidos
  }
confirmations-refused-text = Los seguirá enviando. Avise a quien administra su sistema.
part-stopped-title = Una parte de Campana se detuvo
part-stopped-text = Campana intenta arrancarla de nuevo. Si sigue así, salga de Campana y ábrala otra vez.
polling-only-text = El aviso inmediato no funciona por ahora. Se restablece solo.
next-attempt-seconds = Próximo intento en { $seconds } s.
next-attempt-minutes = { $minutes ->
    [one] Próximo intento en { $minutes } minuto.
   *[other] Próximo intento en { $minutes } minutos.
  }
next-attempt-now = Intentando ahora…
retry = Reintentar
what-to-check = Qué revisar
technical-words = Para soporte técnico:
hint-network = Revise que el cable de red esté conectado o que el wifi esté encendido.
hint-router = Apague el módem, espere un minuto y enciéndalo otra vez.
hint-other-device = Pruebe si otra página abre en esta computadora.
hint-server-on = Si el servidor está en la tienda, revise que esté encendido.
hint-address = En Ajustes, revise que la dirección del servidor esté bien escrita.
hint-clock = Revise que la fecha y la hora de esta computadora sean correctas.
hint-till = Mientras tanto, revise los pedidos directamente en la caja.
hint-support = Si sigue así en diez minutos, avise a quien le da soporte.
hint-enter-key = En Ajustes, escriba la clave de acceso de su tienda.
hint-copy-key = Copie la clave otra vez, completa y sin espacios, y guárdela en Ajustes.
hint-key-renewed = Pregunte si alguien cambió la clave en el servidor.
hint-unlock-keyring = Desbloquee el llavero: suele abrirse con la contraseña de la computadora.
hint-free-space = Vacíe la papelera y borre archivos que no necesite.
hint-restart = Cierre Campana y ábrala otra vez.
hint-receiver = En Ajustes, revise quién recibe los pedidos.

list-title = Pedidos
group-unseen = Sin ver
group-before = De antes
group-seen = Vistos hoy
mark-all-seen = Marcar todos como vistos
calm-title = Todo visto
calm-text = Cuando llegue un pedido, aparece aquí y suena.
quiet-title = Todavía no hay pedidos hoy
quiet-trouble-text = Los pedidos aparecen aquí en cuanto se arregle la conexión.
set-up-title = Conecte Campana con su tienda
set-up-text = Necesita dos datos: la dirección del servidor y la clave de acceso.
set-up-button = Abrir Ajustes
nothing-selected = Elija un pedido de la lista.

age-now = ahora
age-minutes = { $minutes } min
age-hours = { $hours } h
age-hours-minutes = { $hours } h { $minutes } min
age-days = { $days } d
items-count = { $items ->
    [one] { $items } artículo
   *[other] { $items } artículos
  }
type-delivery = A domicilio
type-take-away = Recoger
type-dine-in = En el local
type-table = Mesa { $table }
type-unknown = Pedido
no-customer = Sin nombre
order-name = Pedido { $number }, { $customer }
tag-changed = Cambió
tag-cancelled = Cancelado
tag-unstored = Sin guardar

back-to-list = Volver a la lista
seen = Visto
seen-at = Visto a las { $moment }
payment-due = { $method } · por cobrar
payment-paid = { $method } · pagado
method-cash = Efectivo
method-card = Tarjeta
method-transfer = Transferencia
method-online = En línea
method-other = Otro pago
due-delivery = { $made } · entregar { $due }
due-take-away = { $made } · recoger { $due }
due-ready = { $made } · listo { $due }
due-scheduled = { $made } · programado { $due }
notice-cancelled = Este pedido se canceló. No lo prepare.
notice-changed = Este pedido cambió: { $changes }.
notice-changed-plain = Este pedido cambió. Léalo otra vez.
notice-unstored = Este pedido todavía no se guarda en el disco. No apague la computadora.
change-type = tipo de entrega
change-items = artículos
change-total = total
change-notes = nota
change-address = domicilio
change-scheduled-time = hora
change-cancelled = se canceló
half-flavor = ½ { $flavors }
half-unnamed = la otra mitad
part-added = Con { $names }
part-left-out = Sin { $names }
half-with = { $half }: con { $names }
half-without = { $half }: sin { $names }
item-unnamed = Artículo sin nombre
no-items = El pedido no trae artículos. Revíselo en la caja.
unreadable-title = Pedido que no se puede leer
unreadable-hint = Búsquelo en su sistema
unreadable-text = El servidor envió un pedido que Campana no pudo leer. Búsquelo en su sistema y atiéndalo desde ahí.
unreadable-raw = Así lo envió el servidor
charges-delivery = Envío y otros cargos
charges-other = Otros cargos
charges-discount = Descuento
total = Total
customer-note = Nota del cliente
copy-address = Copiar el domicilio
copied = Copiado
phone = Teléfono

settings-title = Ajustes de Campana
section-connection = Conexión
section-alerts = Avisos
section-appearance = Apariencia
settings-damaged = El archivo de ajustes estaba dañado y se guardó aparte. Revise estos datos y guárdelos otra vez.
address-label = Dirección del servidor
address-example = https://pedidos.mitienda.mx
key-label = Clave de acceso
key-keyring = Guardada en el llavero del sistema
key-memory = Solo hasta que cierre Campana; no está en un llavero
key-environment = La da el sistema (CAMPANA_API_KEY)
key-missing = Péguela aquí
key-locked = El llavero está bloqueado
key-denied = El llavero no dio permiso
key-change = Cambiar
key-keep = No cambiar
key-remove = Quitar
key-remove-sure = ¿Quitar la clave? Dejarán de llegar pedidos.
key-remove-yes = Sí, quitar
cancel = Cancelar
key-explained = La clave no se muestra ni se guarda en archivos.
receiver-label = ¿Quién recibe los pedidos?
receiver-campana = Campana
receiver-campana-text = Le confirma al servidor que llegaron.
receiver-till = La caja
receiver-till-text = Campana solo avisa; no confirma nada.
profile-label = Tipo de servidor
profile-auto = Automático
profile-guide = El de la guía
profile-unified = Unificado
profile-unified-legacy = Unificado, anterior
test-connection = Probar conexión
testing-connection = Probando…
save = Guardar
saving = Guardando…
saved = Guardado
alarm-label = Alarma
alarm-text = Suena cuando llega un pedido y hasta que alguien lo marque como visto.
test-alarm = Probar la alarma
alarm-playing = Está sonando. ¿No la oye? Revise el volumen y la bocina.
language-label = Idioma
language-system = El del sistema
language-es = Español
language-en = English
theme-label = Colores
version = Campana { $version }

## La ventana principal: secciones, historial, actividad, impresión

tabs-label = Secciones
tab-orders = Pedidos
tab-history = Historial
tab-activity = Actividad
sync-done-none = Todo al día · { $moment }
last-sync = Última: { $moment }
last-sync-none = Aún sin sincronizar
quiet-silent-text = Cuando llegue un pedido, aparece aquí, sin sonido.
announce-new = Pedido nuevo: { $number }, { $customer }, { $type }
announce-changed = Cambió el pedido { $number }, { $customer }
announce-cancelled = Se canceló el pedido { $number }, { $customer }
announce-unreadable = Llegó un pedido que no se puede leer. Búsquelo en su sistema.
announce-several = { $orders } pedidos por ver
silence = Silenciar
sound-failing-text = La bocina no responde. Revise que esté conectada y pruebe la alarma en Ajustes.
muted-title = La alarma está sin volumen
muted-text = Los pedidos no se oyen. Suba el volumen en Ajustes.
paused-missed = { $orders ->
    [0] Los pedidos siguen llegando, sin sonido.
    [one] 1 pedido llegó sin sonar y nadie lo ha visto.
   *[other] { $orders } pedidos llegaron sin sonar y nadie los ha visto.
  }

quit-title = ¿Salir de Campana?
quit-text = Si sale, nadie avisará de los pedidos nuevos.
quit-unseen = { $orders ->
    [one] Hay 1 pedido sin ver.
   *[other] Hay { $orders } pedidos sin ver.
  }
quit-stay = Seguir abierto
quit-leave = Salir
mark-all-title = { $orders ->
    [one] ¿Marcar 1 pedido como visto?
   *[other] ¿Marcar { $orders } pedidos como vistos?
  }
mark-all-text = Dejan de sonar, también los que nadie ha leído.
mark-all-yes = Marcar todos
mark-unseen = Marcar como no visto

print = Imprimir
print-again = Imprimir otra vez
printing = Imprimiendo…
printed = Impreso
printed-duplicate = Impreso como DUPLICADO
ticket-duplicate = DUPLICADO
ticket-printed = Impreso { $moment }
ticket-collect = Por cobrar
ticket-paid = Pagado
ticket-made = Pedido { $moment }
ticket-deliver = Entregar { $moment }
ticket-pick-up = Recoger { $moment }
ticket-ready = Listo { $moment }
ticket-scheduled = Programado { $moment }
ticket-note = Nota

copy-phone = Copiar el teléfono
open-map = Ver en el mapa
technical-open = Datos para soporte
technical-title = Datos del pedido { $number } para soporte
technical-id = Identificador
technical-version = Versión
technical-received = Llegó aquí
technical-confirmed = Confirmado al servidor
technical-printed = Veces impreso
technical-json = Como lo mandó el servidor
technical-copy = Copiar
technical-yes = Sí
technical-no = No

shortcuts-open = Atajos del teclado
shortcut-arrows = Recorrer la lista
shortcut-enter = Leer el pedido elegido
shortcut-seen = Marcar como visto
shortcut-unseen = Marcar como no visto
shortcut-print = Imprimir el pedido
shortcut-sync = Sincronizar ahora
shortcut-search = Buscar en el historial
shortcut-back = Volver o cerrar
shortcut-help = Ver estos atajos

history-search = Buscar en el historial
history-example = Cliente, teléfono, número, producto
history-clear = Borrar la búsqueda
range-label = Fechas
range-all = Todos los días
range-today = Hoy
range-yesterday = Ayer
range-week = Últimos 7 días
range-month = Últimos 30 días
range-custom = Elegir fechas
range-from = Desde
range-until = Hasta
range-wrong = Escriba cada fecha así: 14/03/2026
range-reversed = La primera fecha es posterior a la segunda.
history-found = { $orders ->
    [one] { $orders } pedido
   *[other] { $orders } pedidos
  }
history-none-title = Ningún pedido coincide
history-none-text = Pruebe con menos letras o con más días.
history-none-button = Quitar filtros
history-empty-title = Todavía no hay pedidos guardados
history-empty-text = Aquí queda cada pedido que llega, para buscarlo después.
history-failed = No se pudo leer el historial. Inténtelo otra vez.
history-loading = Buscando…
tag-unseen = Sin ver
tag-emptied = Sin datos
notice-emptied = Los datos de este pedido se borraron por antigüedad. Solo queda su registro.

activity-all = Todo
activity-problems = Problemas
activity-empty-title = Todavía no hay nada anotado
activity-empty-text = Aquí queda lo que hace Campana: conexiones, recepciones y confirmaciones.
activity-fine-title = Sin problemas
activity-fine-text = Todo funcionó en lo que Campana recuerda.
activity-choose = Elija una línea para saber qué significa.
activity-failed = No se pudo leer la actividad. Inténtelo otra vez.
activity-do-title = Qué puedo hacer
activity-do-nothing = Nada. Es normal.
activity-do-wait = Nada. Campana lo intenta otra vez por sí sola.
hint-find-order = Busque ese pedido en la caja o en el servidor: aquí no se puede leer.
hint-show-support = Avise a quien le da soporte y muéstrele los datos de abajo.
activity-do-past = Nada: ya pasó, Campana está al día. Si ocurre otra vez:
activity-technical = Para soporte técnico
activity-code = Código
activity-duration = Duración
activity-size = Tamaño
activity-number = Número
activity-reason = Motivo
activity-raw = Cómo empieza
activity-retry-for = Espera de { $seconds } s
activity-orders = { $orders ->
    [0] sin pedidos
    [one] { $orders } pedido
   *[other] { $orders } pedidos
  }
activity-attempt = { $attempt }.º intento
aside-order = Un pedido que no se pudo leer
aside-customer = Un cliente que no se pudo leer
refused-order = Un pedido que no se pudo confirmar
refused-customer = Un cliente que no se pudo confirmar
meaning-aside-order = Llegó en una forma que Campana no entiende. En la lista de pedidos está sin sus datos.
meaning-aside-customer = Los datos de un cliente llegaron en una forma que Campana no entiende. A los pedidos no les falta nada.
meaning-refused-order = El pedido está guardado aquí, pero el servidor no acepta la confirmación. Campana lo intenta otra vez cada día.
meaning-refused-customer = El servidor no acepta que se confirme un cliente. Campana lo intenta otra vez cada día.
meaning-started = Campana se abrió.
meaning-ended = Campana se cerró. Mientras está cerrada, nadie avisa de los pedidos.
meaning-configured = Campana tomó los datos de conexión de Ajustes.
meaning-asked = Alguien pidió sincronizar, o cambió la red de esta computadora.
meaning-connecting = Campana abre la conexión por la que el servidor avisa al instante.
meaning-joined = El servidor aceptó la conexión. Desde aquí avisa al instante.
meaning-refused = El servidor no dejó entrar a Campana al canal de avisos.
meaning-closed = La conexión se cortó. Campana abre otra por sí sola.
meaning-closed-by-campana = Campana cerró esta conexión para abrir otra.
meaning-hint = El servidor avisó de que hay algo nuevo.
meaning-question = Campana preguntó si la conexión sigue viva, y el servidor contestó.
meaning-question-failed = Campana preguntó si la conexión sigue viva, y nadie contestó.
meaning-pull = Campana pidió los pedidos pendientes, y la respuesta llegó completa.
meaning-pull-failed = Campana pidió los pedidos pendientes, y la respuesta no llegó bien.
meaning-confirm = Campana dijo al servidor qué pedidos ya están guardados aquí.
meaning-confirm-failed = El servidor no aceptó la confirmación. Los pedidos siguen guardados aquí.
meaning-store = Lo que llegó quedó guardado en esta computadora.
meaning-store-failed = Esta computadora no pudo guardar lo que llegó. No se confirmó nada.
meaning-set-aside = Llegó algo que no se pudo leer o confirmar, y se apartó. Lo demás siguió su camino.
meaning-status = Cambió el estado de la conexión.
meaning-retry = Campana espera un poco antes de intentarlo otra vez.
meaning-unknown = Una versión más nueva de Campana anotó esto.

## La bandeja, su menú y los avisos

app-usage = el timbre de pedidos en la bandeja
app-usage-demo = lo mismo con pedidos de muestra, aparte de todo lo real
app-usage-version = la versión
menu-open = Abrir
menu-sync-now = Sincronizar ahora
menu-pause = Pausar
menu-pause-30 = 30 minutos
menu-pause-120 = 2 horas
menu-pause-open-ended = Hasta que yo reanude (con un recordatorio cada hora)
menu-resume = Reanudar
menu-settings = Ajustes…
menu-quit = Salir
tray-unseen = { $number ->
    [one] 1 pedido sin ver
   *[other] { $number } pedidos sin ver
}
tray-paused = En pausa
tray-paused-until = En pausa hasta las { $time }
window-main-title = Campana
window-settings-title = Ajustes de Campana
notification-new-order = Pedido nuevo: { $number }
notification-changed = Cambió el pedido { $number }
notification-changes = Cambió: { $changes }
notification-read-again = Léalo otra vez.
notification-cancelled = CANCELADO: pedido { $number }
notification-do-not-prepare = No lo prepare.
notification-dine-in = En mesa
notification-take-away = Para llevar
notification-delivery = A domicilio
notification-unreadable = Pedido que no se puede leer
notification-unreadable-body = Abra Campana y revíselo en su sistema.
notification-some-order = Pedido nuevo
notification-several = { $number ->
    [one] 1 pedido nuevo
   *[other] { $number } pedidos nuevos
}
notification-several-kinds = { $number ->
    [one] 1 pedido por ver
   *[other] { $number } pedidos por ver
}
notification-count-new = { $number ->
    [one] 1 nuevo
   *[other] { $number } nuevos
}
notification-count-changed = { $number ->
    [one] 1 con cambios
   *[other] { $number } con cambios
}
notification-count-cancelled = { $number ->
    [one] 1 cancelado
   *[other] { $number } cancelados
}
notification-missed = { $number ->
    [one] Llegó 1 pedido durante la pausa
   *[other] Llegaron { $number } pedidos durante la pausa
}
notification-still-paused = Campana sigue en pausa
notification-still-paused-body = { $number ->
    [0] Los pedidos llegan sin sonido. Se lo recordamos cada hora.
    [one] 1 pedido llegó sin sonido y nadie lo ha visto. Se lo recordamos cada hora.
   *[other] { $number } pedidos llegaron sin sonido y nadie los ha visto. Se lo recordamos cada hora.
}
notification-still-ringing = { $number ->
    [one] Queda 1 pedido sin ver
   *[other] Quedan { $number } pedidos sin ver
}
notification-open-to-see = Abra Campana para verlos.
notification-trouble-body = Abra Campana para ver qué revisar.
notification-trouble-over = Ya llegan pedidos otra vez
notification-stored-again = Los pedidos ya se guardan otra vez
notification-open = Abrir
notification-seen = Visto
notification-quiet = Silenciar
notification-test = Prueba de la alarma
notification-test-body = Así se avisa un pedido nuevo.

## La línea de órdenes

cli-help = El motor de Campana en la línea de órdenes: recibe, guarda y confirma los pedidos
cli-help-watch = Permanece en conexión: recibe, guarda y confirma
cli-help-pull = Recibe una vez lo que está pendiente, y termina
cli-help-doctor = Revisa paso a paso la conexión con el servidor y dice qué hacer; no confirma nada
cli-help-activity = Lo último que pasó en la conexión: avisos, recepciones y confirmaciones, sin datos de clientes
cli-help-inbox = Los pedidos guardados
cli-help-inbox-list = Los muestra
cli-help-inbox-set-aside = Muestra lo que se apartó: lo que no se pudo leer y lo que el servidor no deja confirmar
cli-help-inbox-seen = Los marca como vistos
cli-help-inbox-check = Revisa que la bandeja esté íntegra
cli-option-backend-url = La dirección del servidor, por ejemplo https://pedidos.mitienda.mx
cli-option-data-dir = La carpeta en que se guardan los pedidos
cli-option-certificate-authority = Un archivo PEM con la autoridad de certificados en que se confía además de las del sistema
cli-option-profile = La forma en que habla el servidor; sin ella, la de los ajustes o auto, que la averigua
cli-option-confirm = Si se confirma lo recibido (on), o solo se mira (off)
cli-option-json = Un objeto JSON por línea
cli-option-limit = Cuántas líneas, las más recientes
cli-option-id = El pedido que se marca
cli-option-all = Todos
cli-no-address = Falta la dirección del servidor. Indíquela con --backend-url, en CAMPANA_BACKEND_URL o en los ajustes de Campana.
cli-address-not-a-url = La dirección del servidor no es válida. Escríbala así: https://pedidos.mitienda.mx
cli-address-scheme = La dirección del servidor debe empezar con http:// o https://.
cli-address-credentials = La dirección del servidor no debe llevar usuario ni contraseña. Quítelos.
cli-settings-unreadable = No se pueden leer los ajustes de Campana ({ $detail }). Ábralos y guárdelos otra vez, o indique la dirección con --backend-url.
cli-usage-unknown = «{ $what }» no se reconoce.
cli-usage-value = «{ $value }» no es un valor de { $what }.
cli-usage-no-value = Falta el valor de { $what }.
cli-usage-possible = Puede ser: { $values }.
cli-usage-missing = Falta { $what }.
cli-usage-conflict = { $what } y { $value } no se pueden usar juntos.
cli-usage-wrong = Así no se puede usar campana-sync.
cli-usage-help = Vea la ayuda con: campana-sync --help
cli-no-order = No hay ningún pedido «{ $id }». Vea los que hay con: campana-sync inbox list
cli-key-missing = Falta la clave de acceso. Guárdela en los ajustes de Campana o póngala en CAMPANA_API_KEY.
cli-keyring = El llavero del sistema no entrega la clave ({ $detail }). Desbloquéelo, o ponga la clave en CAMPANA_API_KEY.
cli-key-refused = El servidor no acepta la clave. Cópiela otra vez desde el servidor.
cli-unreachable = El servidor no responde. Revise la dirección y la red.
cli-certificate-refused = El certificado del servidor no es de confianza; no se le envió nada. Revise la dirección y el reloj de esta computadora, o indique su autoridad con --certificate-authority.
cli-certificate-authority = No se puede usar el archivo de la autoridad de certificados ({ $detail }). Revise --certificate-authority, CAMPANA_CERTIFICATE_AUTHORITY o los ajustes de Campana.
cli-server-error = El servidor contesta con un error. Avise a quien lo atiende.
cli-inbox-in-use = Otra Campana ya recibe pedidos en { $path }. Ciérrela, o indique otra carpeta con --data-dir.
cli-disk-full = El disco está lleno. Libere espacio; ningún pedido se confirmó sin guardarse.
cli-inbox-unusable = No se pueden guardar ni leer los pedidos ({ $detail }). Revise el disco y los permisos de la carpeta.
cli-inbox-unsound = { $number ->
    [one] Se encontró un problema en los pedidos guardados.
   *[other] Se encontraron { $number } problemas en los pedidos guardados.
}
cli-no-inbox = En { $path } todavía no se ha guardado ningún pedido.
cli-engine-ended = Campana dejó de recibir pedidos por un error interno. Vuelva a iniciarla.
cli-output = No se puede escribir la salida ({ $detail }).
cli-inbox-was-damaged = El archivo de pedidos estaba dañado. Se recuperó lo posible; el archivo dañado quedó en { $path }. Revise en el servidor los pedidos de hoy.
cli-inbox-was-damaged-since = El archivo de pedidos estaba dañado. Se recuperó lo posible; el archivo dañado quedó en { $path }. Revise en el servidor los pedidos desde { $since }.
cli-activity-empty = Todavía no hay nada anotado.
activity-started = Campana empezó
activity-ended = Campana terminó
activity-configured = Datos de conexión
activity-asked = Pidieron sincronizar
activity-connecting = Abre conexión
activity-joined = Entró al canal
activity-refused = El canal la rechazó
activity-closed = Conexión cerrada
activity-hint = Aviso
activity-question = Pregunta
activity-pull = Recepción
activity-confirm = Confirmación
activity-store = Guardado
activity-set-aside = Apartado
activity-status = Estado
activity-retry = Espera (segundos)
cli-inbox-empty = No hay pedidos guardados.
cli-nothing-set-aside = No hay nada apartado.
cli-aside-order-unreadable = Un pedido que no se pudo leer ({ $what }). Búsquelo en el servidor.
cli-aside-customer-unreadable = Un cliente que no se pudo leer ({ $what }).
cli-aside-order-not-confirmable = El pedido { $what } está guardado, pero el servidor no deja confirmarlo. Avise a quien lo atiende.
cli-aside-customer-not-confirmable = El servidor no deja confirmar al cliente { $what }. Avise a quien lo atiende.
cli-inbox-sound = Los pedidos guardados están íntegros.
cli-marked-seen = { $number ->
    [one] Un pedido quedó como visto.
   *[other] { $number } pedidos quedaron como vistos.
}
cli-pulled = { $number ->
    [0] No hay pedidos nuevos.
    [one] Llegó un pedido nuevo.
   *[other] Llegaron { $number } pedidos nuevos.
}
cli-rings-new = Pedido nuevo: { $id }
cli-rings-changed = Cambió el pedido { $id }
cli-rings-cancelled = Se canceló el pedido { $id }
cli-still-rings = Sigue sin ver: { $id }
cli-confirmed = { $number ->
    [one] Se confirmó un pedido.
   *[other] Se confirmaron { $number } pedidos.
}
cli-set-aside = Se apartó algo que no se pudo leer o confirmar: { $id }
cli-type-dine-in = Mesa
cli-type-take-away = Recoger
cli-type-delivery = A domicilio
cli-type-other = –
cli-state-ringing = sin ver
cli-state-from-before = de antes
cli-state-seen = visto

## La revisión de la conexión

doctor-outcome-ok = bien
doctor-outcome-warning = atención
doctor-outcome-failed = falla
doctor-outcome-skipped = sin probar
doctor-skipped = No se probó: antes falló «{ $check }».
doctor-all-well = Todo está bien.
doctor-warnings = { $number ->
    [one] Funciona, con una advertencia.
   *[other] Funciona, con { $number } advertencias.
}
doctor-failures = { $number ->
    [one] Hay una falla. Empiece por ella.
   *[other] Hay { $number } fallas. Empiece por la primera.
}

doctor-address = Dirección
doctor-address-readable = Está bien escrita.
doctor-address-empty = Falta la dirección del servidor.
doctor-address-empty-do = Escríbala en Ajustes, o indíquela con --backend-url.
doctor-address-not-a-url = Esto no es una dirección.
doctor-address-not-a-url-do = Escríbala así: https://pedidos.mitienda.mx
doctor-address-scheme = No empieza con https:// ni con http://.
doctor-address-scheme-do = Corrija el principio de la dirección.
doctor-address-credentials = Lleva un usuario o una contraseña.
doctor-address-credentials-do = Quítelos de la dirección.

doctor-keyring = Clave de acceso
doctor-keyring-in-keyring = Está en el llavero del sistema.
doctor-keyring-in-environment = La da el sistema (CAMPANA_API_KEY).
doctor-keyring-in-memory = Vale hasta que cierre Campana; no está en un llavero.
doctor-keyring-typed = Es la que acaba de escribir.
doctor-keyring-missing = No hay una clave para esta dirección.
doctor-keyring-missing-do = Péguela en Ajustes y guárdela.
doctor-keyring-no-keyring = Este sistema no tiene llavero, y no hay una clave.
doctor-keyring-no-keyring-do = Péguela en Ajustes, o póngala en CAMPANA_API_KEY.
doctor-keyring-locked = El llavero está bloqueado.
doctor-keyring-locked-do = Desbloquéelo: suele abrirse con la contraseña de la computadora.
doctor-keyring-denied = El llavero no dio permiso.
doctor-keyring-denied-do = Permítalo, o pegue la clave otra vez en Ajustes.
doctor-keyring-unusable = La clave tiene caracteres que no se pueden usar.
doctor-keyring-unusable-do = Cópiela otra vez desde el servidor, completa y sin espacios.

doctor-disk = Disco
doctor-disk-writable = Los pedidos se pueden guardar.
doctor-disk-in-use = Los pedidos se pueden guardar. Campana está abierta, y está bien.
doctor-disk-low-space = Queda poco espacio.
doctor-disk-low-space-do = Vacíe la papelera y borre archivos que no necesite.
doctor-disk-full = El disco está lleno.
doctor-disk-full-do = Vacíe la papelera y borre archivos que no necesite.
doctor-disk-unwritable = En la carpeta de Campana no se puede guardar.
doctor-disk-unwritable-do = Revise los permisos de la carpeta.
doctor-disk-timed-out = El disco no contesta.
doctor-disk-timed-out-do = Si la carpeta está en otra computadora, revise que esté encendida.

doctor-name = Nombre del servidor
doctor-name-found = Se encontró.
doctor-name-literal = La dirección es un número; no hace falta buscarla.
doctor-name-via-proxy = Se sale a internet por un intermediario (proxy).
doctor-name-not-found = No existe un servidor con ese nombre.
doctor-name-not-found-do = Revise que la dirección esté bien escrita.
doctor-name-no-network = Esta computadora no tiene red.
doctor-name-no-network-do = Revise el cable o el wifi.
doctor-name-timed-out = Nadie contesta por ese nombre.
doctor-name-timed-out-do = Pruebe si otra página abre en esta computadora.

doctor-port = Servidor
doctor-port-open = Recibe conexiones.
doctor-port-via-proxy = El intermediario (proxy) recibe conexiones.
doctor-port-refused = La computadora contesta, pero el servidor no recibe conexiones.
doctor-port-refused-do = Revise que el servidor esté encendido y que el puerto de la dirección sea el correcto.
doctor-port-timed-out = No contesta.
doctor-port-timed-out-do = Revise que esté encendido y que un cortafuegos no lo impida.
doctor-port-unreachable = No hay camino hasta el servidor.
doctor-port-unreachable-do = Revise el internet y la dirección.
doctor-port-no-network = Esta computadora no tiene red.
doctor-port-no-network-do = Revise el cable o el wifi.
doctor-port-proxy-closed = El intermediario (proxy) no recibe conexiones.
doctor-port-proxy-closed-do = Avise a quien atiende la red.

doctor-tls = Conexión segura
doctor-tls-encrypted = La conexión va cifrada.
doctor-tls-local = El servidor está en la tienda; no hace falta cifrarla.
doctor-tls-not-encrypted = La conexión no va cifrada: otros pueden leer la clave y los pedidos.
doctor-tls-not-encrypted-do = Pida al servidor una dirección con https://
doctor-tls-unknown-authority = El certificado del servidor es de una autoridad desconocida.
doctor-tls-unknown-authority-do = Pida al servidor un certificado reconocido, o agregue su autoridad a esta computadora.
doctor-tls-wrong-name = El certificado del servidor es de otro nombre.
doctor-tls-wrong-name-do = Revise que la dirección esté bien escrita.
doctor-tls-expired = El certificado del servidor venció.
doctor-tls-expired-do = Revise la fecha de esta computadora; si está bien, pida que lo renueven.
doctor-tls-not-yet-valid = El certificado del servidor todavía no vale.
doctor-tls-not-yet-valid-do = Revise la fecha y la hora de esta computadora.
doctor-tls-revoked = El certificado del servidor fue anulado.
doctor-tls-revoked-do = Avise a quien atiende el servidor.
doctor-tls-invalid-certificate = El certificado del servidor no es válido.
doctor-tls-invalid-certificate-do = Avise a quien atiende el servidor.
doctor-tls-authority-unusable = El archivo con la autoridad de certificados propia no sirve.
doctor-tls-authority-unusable-do = Revise que exista y que sea un certificado en PEM.
doctor-tls-not-tls = Lo que contesta ahí no cifra la conexión.
doctor-tls-not-tls-do = Revise el puerto, o si la dirección empieza con http://
doctor-tls-timed-out = La conexión segura no se completó a tiempo.
doctor-tls-timed-out-do = Inténtelo otra vez en un minuto.
doctor-tls-failed = La conexión segura no se pudo hacer.
doctor-tls-failed-do = Avise a quien atiende el servidor.

doctor-socket-io = Servicio de avisos
doctor-socket-io-answers = Contesta.
doctor-socket-io-not-there = Ahí contesta otra cosa, no el servicio de avisos.
doctor-socket-io-not-there-do = Revise la dirección y el puerto.
doctor-socket-io-old-version = El servicio de avisos es de una versión anterior.
doctor-socket-io-old-version-do = Pida que actualicen el servidor (Socket.IO 3 o posterior).
doctor-socket-io-redirected = El servidor manda a otra dirección.
doctor-socket-io-redirected-do = Pida la dirección correcta y escríbala en Ajustes.
doctor-socket-io-server-error = El servidor contesta con un error.
doctor-socket-io-server-error-do = Espere un minuto; si sigue así, avise a quien lo atiende.
doctor-socket-io-timed-out = El servidor tarda demasiado en contestar.
doctor-socket-io-timed-out-do = Inténtelo otra vez en un minuto; si sigue así, avise a quien lo atiende.
doctor-socket-io-broken-off = El servidor cortó la conexión.
doctor-socket-io-broken-off-do = Revise el puerto, y si la dirección lleva http:// o https://

doctor-namespace = Canal de pedidos
doctor-namespace-there = El servidor lo tiene.
doctor-namespace-only-root = El servidor da avisos, pero no en el canal de pedidos (/sync).
doctor-namespace-only-root-do = Revise la dirección, o pida que activen la sincronización en el servidor.
doctor-namespace-missing = El servidor no tiene el canal de pedidos (/sync).
doctor-namespace-missing-do = Revise la dirección, o pida que activen la sincronización en el servidor.
doctor-namespace-timed-out = El canal no contesta a tiempo.
doctor-namespace-timed-out-do = Inténtelo otra vez en un minuto; si sigue así, avise a quien atiende el servidor.
doctor-namespace-closed = La conexión se corta antes de entrar al canal.
doctor-namespace-closed-do = Avise a quien atiende el servidor o la red.
doctor-namespace-certificate-refused = El certificado del servidor no es de confianza.
doctor-namespace-certificate-refused-do = Avise a quien atiende el servidor.

doctor-transport = Forma de los avisos
doctor-transport-web-socket = Llegan al instante.
doctor-transport-only-polling = Llegan, pero por el camino lento: WebSocket no pasa.
doctor-transport-only-polling-do = Pida que permitan WebSocket en el servidor, el antivirus o la red.

doctor-socket-key = Clave en los avisos
doctor-socket-key-accepted = La acepta.
doctor-socket-key-key-refused = El servidor no acepta la clave.
doctor-socket-key-key-refused-do = Cópiela otra vez desde el servidor (CLOUD_API_KEY) y guárdela.
doctor-socket-key-key-not-received = El servidor dice que no recibió la clave.
doctor-socket-key-key-not-received-do = Avise a quien atiende el servidor.
doctor-socket-key-cannot-check = El servidor no puede revisar la clave por ahora.
doctor-socket-key-cannot-check-do = Espere un minuto; si sigue así, avise a quien lo atiende (Redis).
doctor-socket-key-refused = El servidor no deja entrar al canal.
doctor-socket-key-refused-do = Avise a quien atiende el servidor.

doctor-round-trip = Ida y vuelta
doctor-round-trip-answered = La respuesta volvió.
doctor-round-trip-no-answer = El servidor no contesta preguntas.
doctor-round-trip-no-answer-do = Los pedidos llegan de todos modos. Si se retrasan, avise a quien atiende el servidor.
doctor-round-trip-closed = La conexión se cortó al preguntar.
doctor-round-trip-closed-do = Los pedidos llegan cada minuto. Avise a quien atiende el servidor o la red.

doctor-pull = Entrega de pedidos
doctor-pull-accepted = Los entrega con esta clave.
doctor-pull-key-refused = El servidor no acepta la clave.
doctor-pull-key-refused-do = Cópiela otra vez desde el servidor (CLOUD_API_KEY) y guárdela.
doctor-pull-key-refused-here = No acepta la clave para entregar pedidos, aunque sí para los avisos.
doctor-pull-key-refused-here-do = Avise a quien atiende el servidor.
doctor-pull-key-not-received = El servidor dice que no recibió la clave.
doctor-pull-key-not-received-do = Avise a quien atiende el servidor.
doctor-pull-not-there = En esta dirección no se entregan pedidos.
doctor-pull-not-there-do = Revise la dirección; si lleva algo después del nombre, pregunte si es correcto.
doctor-pull-server-error = El servidor contesta con un error.
doctor-pull-server-error-do = Espere un minuto; si sigue así, avise a quien lo atiende.
doctor-pull-redirected = El servidor manda a otra dirección.
doctor-pull-redirected-do = Pida la dirección correcta y escríbala en Ajustes.
doctor-pull-too-large = El servidor mandó demasiados datos.
doctor-pull-too-large-do = Avise a quien atiende el servidor.
doctor-pull-not-understood = Lo que contesta no son pedidos.
doctor-pull-not-understood-do = Revise la dirección.
doctor-pull-timed-out = El servidor tarda demasiado.
doctor-pull-timed-out-do = Inténtelo otra vez en un minuto; si sigue así, avise a quien lo atiende.
doctor-pull-broken-off = La respuesta se cortó a la mitad.
doctor-pull-broken-off-do = Inténtelo otra vez en un minuto; si sigue así, avise a quien lo atiende.
doctor-pull-unreachable = El servidor ya no contesta.
doctor-pull-unreachable-do = Revise el internet e inténtelo otra vez.
doctor-pull-certificate-refused = El certificado del servidor no es de confianza.
doctor-pull-certificate-refused-do = Avise a quien atiende el servidor.

doctor-profile = Forma del servidor
doctor-profile-fixed = Es la elegida.
doctor-profile-adopted = Se encontró sola.

doctor-clock = Reloj
doctor-clock-right = Coincide con el del servidor.
doctor-clock-not-told = El servidor no dice su hora.
doctor-clock-ahead = El reloj de esta computadora va adelantado.
doctor-clock-ahead-do = Ponga la hora en automático.
doctor-clock-behind = El reloj de esta computadora va atrasado.
doctor-clock-behind-do = Ponga la hora en automático.

## El estado, sus causas y los errores

verdict-in-sync = Al día
verdict-syncing = Sincronizando
verdict-connecting = Conectando
verdict-polling-only = Con demora: cada minuto
verdict-paused = En pausa
verdict-confirmations-refused = El servidor no acepta confirmaciones
verdict-another-receiver = Otro programa recoge los pedidos
verdict-unreadable = Hay un pedido que no se puede leer
verdict-limited = Lista incompleta
verdict-unheard = Los pedidos no se oyen
verdict-not-configured = Sin configurar
verdict-key-missing = Falta la clave
verdict-key-refused = Clave no aceptada
verdict-storage-failed = No se están guardando
verdict-offline = Sin conexión
verdict-part-stopped = Una parte de Campana se detuvo

cause-no-network = Esta computadora no tiene red. Revise el cable o el wifi.
cause-server-unreachable = El servidor no responde. Revise el internet.
cause-certificate-refused = El certificado del servidor no es de confianza; no se le envió nada. Revise la dirección en Ajustes.
cause-certificate-authority-unusable = No se puede usar el archivo de certificados que indican los ajustes. Avise a quien le da soporte.
cause-server-error = El servidor responde con un error. Si sigue así, avise a quien le da soporte.
cause-answer-not-understood = Campana no entiende lo que responde el servidor. Revise la dirección en Ajustes.
cause-redirected = El servidor manda a otra dirección. Pida la correcta y escríbala en Ajustes.
cause-answer-too-large = El servidor mandó demasiados datos. Avise a quien le da soporte.
cause-namespace-missing = En esa dirección no hay avisos de pedidos. Revise la dirección en Ajustes.
cause-link-down = Se cortó el aviso inmediato. Se restablece solo.
cause-no-hints = El servidor no avisa de los pedidos nuevos. Si sigue así, avise a quien le da soporte.
cause-confirmation-off = El servidor tiene demasiados pedidos sin recibir. Revise la caja y quién los recibe.
cause-page-stuck = El servidor repite los mismos pedidos. Busque los más nuevos en la caja.
cause-disk-full = El disco está lleno. Libere espacio.
cause-inbox-unwritable = Esta computadora no deja guardarlos. Cierre Campana y ábrala otra vez.
cause-keyring-unavailable = El llavero del sistema no da la clave. Desbloquéelo o escríbala en Ajustes.
cause-key-missing = Falta la clave de acceso. Escríbala en Ajustes.
cause-key-refused = El servidor no acepta la clave. Cópiela otra vez desde el servidor.
cause-offline = No hay conexión con el servidor. Revise el internet.
cause-limited = El servidor no entrega todos los pedidos. Busque los más nuevos en la caja.
cause-storage-failed = Esta computadora no puede guardar. Cierre Campana y ábrala otra vez.

error-address-empty = Escriba la dirección del servidor.
error-address-not-a-url = Esto no parece una dirección. Debe ser como https://pedidos.mitienda.mx
error-address-scheme = La dirección debe empezar con https:// o http://
error-address-credentials = Quite el usuario y la contraseña de la dirección.
error-key-missing = Escriba la clave de acceso.
error-key-unusable = La clave tiene caracteres que no se pueden usar. Cópiela otra vez.
error-keyring-locked = El llavero está bloqueado. Desbloquéelo y guarde otra vez.
error-keyring-denied = El llavero no dio permiso. Permítalo y guarde otra vez.
error-receiver-missing = Elija quién recibe los pedidos.
error-settings-unwritable = No se pudieron guardar los ajustes. Revise el espacio en el disco.
error-storage-failed = No se pudo guardar. Revise el espacio en el disco.
error-order-unknown = Ese pedido ya no está aquí.
error-link-none = Este pedido no trae dirección ni teléfono que se pueda abrir.
error-history-unreadable = No se puede leer el historial. Inténtelo otra vez.
error-printer-missing = Escriba en Ajustes la dirección de la impresora, o use la ventana de impresión.
error-printer-unreachable = La impresora no responde. Revise que esté encendida y conectada.
error-printer-failed = La impresora se cortó a la mitad. Revise el papel antes de imprimir otra vez.
error-internal = Algo falló. Inténtelo otra vez.

paper-duplicate = DUPLICADO
paper-order = Pedido { $number }
printer-unreachable-title = La impresora de tickets no responde
printer-unreachable-body = Revise que esté encendida, con papel y conectada. Los pedidos pendientes se imprimen cuando responda.
printer-failed-title = No se sabe si salió un ticket
printer-failed-body = La impresora se cortó a la mitad. Revise el papel y, si falta, imprima el pedido otra vez.

## Los ajustes, sección por sección

section-system = Sistema
section-printing = Impresión
number-between = Escriba un número de { $least } a { $most }.
percent = { $number } %
unit-seconds = segundos
unit-minutes = minutos

address-explained = La dirección web del sistema que recibe los pedidos de su tienda.
plain-http-title = Esta conexión no va cifrada.
plain-http-text = En internet, otros pueden leer la clave y los pedidos. Pida una dirección que empiece con https://
plain-http-meant = Lo entiendo; usarla de todos modos
error-address-plain-http = La dirección no va cifrada. Use una con https:// o confirme que así la quiere.
cause-address-plain-http = La dirección no va cifrada, y nadie lo autorizó. Revísela en Ajustes.
key-paste = Pegar
key-paste-refused = No se pudo pegar con el botón. Haga clic en el campo y use Ctrl + V.
key-reveal = Mostrar lo escrito
advanced-options = Opciones avanzadas
profile-auto-text = Campana averigua cómo habla el servidor. Es lo mejor para casi todos.
profile-guide-text = Para servidores hechos según la guía de sincronización.
profile-unified-text = Para servidores que reciben y confirman en una sola llamada.
profile-unified-legacy-text = Igual que el unificado, en su versión anterior.
certificate-authority-label = Autoridad de certificados propia
certificate-authority-none = Ninguna
certificate-authority-explained = La ruta de un archivo PEM, si el servidor usa un certificado que la tienda hizo ella misma.
error-certificate-authority-unreadable = No se puede leer este archivo. Revise la ruta y los permisos.
error-certificate-authority-malformed = Este archivo no es un certificado en PEM.
redirected-to = Cambie la dirección a { $address }
redirected-use = Usar esta dirección
shop-title = ¿Es la misma tienda?
shop-text = Cambió la dirección o la clave, y aquí ya hay pedidos.
shop-same = La misma tienda
shop-same-text = Los pedidos de antes se quedan con los nuevos; nada vuelve a sonar.
shop-other = Otra tienda
shop-other-text = Empieza de nuevo. Los pedidos de antes se conservan aparte.

welcome-step = Paso { $step } de 3
welcome-title-1 = Le damos la bienvenida a Campana
welcome-text-1 = En dos minutos le avisará de cada pedido. ¿Dónde está el servidor de su tienda?
welcome-title-2 = Conecte su tienda
welcome-text-2 = La clave le dice al servidor que es usted.
welcome-title-3 = Pruebe la alarma
welcome-text-3 = Así sonará un pedido. Suba el volumen hasta que se oiga desde la cocina.
welcome-title-4 = Todo listo
welcome-text-4 = Campana vive en la bandeja, junto al reloj. Aunque cierre la ventana, sigue avisando. Haga clic en la campana para abrirla.
welcome-no-tray = Este escritorio no muestra el icono de Campana: por eso la ventana de los pedidos se minimiza en vez de cerrarse, y Campana sigue avisando.
welcome-demo-label = ¿Todavía no tiene una dirección?
welcome-next = Siguiente
welcome-back = Atrás
welcome-connect = Conectar
welcome-finish = Ver los pedidos
welcome-skip = Llenar los ajustes sin guía

alerts-sound = Sonido
sound-state-works = El sonido funciona.
sound-state-no-device = No se encontró una bocina.
sound-state-no-device-do = Conecte o encienda una y pruebe la alarma.
sound-state-failing = La bocina no suena.
sound-state-failing-do = Desconéctela y conéctela otra vez, o elija otra en el sistema; después pruebe la alarma.
sound-state-muted = La alarma no se oye: el volumen está en 0.
sound-state-muted-do = Súbalo aquí abajo.
test-alarm-stop = Parar
chime-label = Timbre
chime-bell = Campana
chime-bell-text = Dos golpes de metal
chime-marimba = Marimba
chime-marimba-text = Tonos de madera, suaves
chime-buzzer = Chicharra
chime-buzzer-text = Pulsos cortos, para cocinas ruidosas
chime-listen = Oír
chime-play = Oír: { $name }
volume-label = Volumen
volume-mute = Con el volumen en 0 ningún pedido se oye.
repeat-label = Mientras un pedido esté sin ver, suena
repeat-continuous = Sin pausa
repeat-interval = A ratos
repeat-once = Una sola vez
repeat-seconds-label = Un timbre cada
alerts-unattended = Si nadie lo atiende
louder-label = Más fuerte después de
louder-text = Con 0, nunca.
window-to-front-label = Traer la ventana al frente
window-to-front-text = Después de { $minutes } minutos sin verlo.
window-to-front-never = Necesita que el timbre suba de volumen.
connection-lost-label = Avisar si no llegan pedidos desde hace
alerts-age = El tiempo de espera se marca
warm-label = En ámbar desde
late-label = En rojo desde
content-label = Qué dicen las notificaciones
content-full = Todo
content-discreet = Lo mínimo
content-example-title = Pedido nuevo: 47
content-full-example = Lucía Núñez · A domicilio · $414.50
  Av. Hidalgo 214
  1 × Pizza grande
content-discreet-example = A domicilio · $414.50
content-text = Lo mínimo conviene si los clientes ven la pantalla.

theme-system = Los del sistema
theme-light = Claros
theme-dark = Oscuros
high-contrast-label = Más contraste
high-contrast-text = Letras y líneas más marcadas.
currency-label = Moneda
currency-sample = Así se ven los precios: { $amount }

system-start = Al empezar
start-with-computer-label = Iniciar con la computadora
start-with-computer-text = Campana se abre sola cuando usted entra en su sesión.
start-with-computer-refused = Campana no se abrirá sola: el sistema no lo permite, o alguien lo apagó ahí. Apague y encienda este interruptor.
start-with-computer-all-the-same = El sistema la abre de todos modos. Quítela en los programas de inicio.
start-hidden-label = Empezar sin ventana
start-hidden-text = Solo aparece la campana en la bandeja.
keep-awake-label = No dejar dormir la computadora
keep-awake-text = Si se duerme, no llegan pedidos. La pantalla sí puede apagarse.
system-data = Pedidos guardados
retention-label = Guardar los pedidos
retention-days = { $days ->
    [0] Para siempre
    [365] 1 año
   *[other] { $days } días
  }
retention-text = { $days ->
    [0] No se borra ningún pedido de esta computadora.
   *[other] De los pedidos vistos y confirmados de hace más de { $days } días se borra el contenido. Los demás se quedan.
  }
data-folder-label = Carpeta de los pedidos
data-folder-text = Aquí se guardan, solo en esta computadora.
data-folder-button = Abrir
system-help = Ayuda
diagnostics-label = Diagnóstico
diagnostics-text = Un archivo para quien le da soporte. No lleva la clave ni datos de clientes.
diagnostics-button = Guardar
diagnostics-busy = Revisando…
diagnostics-done = Se guardó { $name }
demo-label = Pedidos de muestra
demo-text = Abre otra Campana de prueba, aparte de todo lo real.
demo-button = Probar
demo-started = Se abrió en otra ventana.
system-about = Acerca de Campana
licence-text = Software libre, con licencia MIT o Apache 2.0.
licences-button = Software de otros en Campana

paper-label = Papel
paper-roll = Rollo de 80 mm
paper-a4 = Hoja A4
printer-label = Impresora de tickets
printer-text = Su dirección en la red y el puerto, o el dispositivo. Vacío: se imprime con la ventana del sistema.
printer-wrong = Escríbala como 192.168.1.50:9100, o como /dev/usb/lp0.
automatic-label = Imprimir cada pedido al llegar
automatic-text = Una sola vez, sin preguntar.
automatic-needs-printer = Necesita una impresora de tickets.

error-shop-unknown = Diga si es la misma tienda.
error-folder-not-shown = No se pudo abrir la carpeta. Ábrala a mano.
error-diagnostics-not-written = No se pudo guardar. Revise el espacio en el disco.
error-demo-not-started = No se pudo abrir la muestra.
cli-address-plain-http = La dirección no va cifrada: en internet, otros pueden leer la clave y los pedidos. Use una con https://, o autorícela en los ajustes de Campana.

system-updates = Actualizaciones
update-label = Versiones nuevas
update-available = Hay una versión nueva: { $version }
update-installs-text = Primero se descarga; después Campana se cierra y se abre sola. Los pedidos se conservan, y los que lleguen mientras tanto suenan al abrirse.
update-package-text = Campana no se actualiza sola en esta computadora. Actualícela junto con el sistema, o pida el paquete nuevo a quien se la instaló.
update-unknown = Todavía no se sabe si hay una versión nueva.
update-none = Campana está al día. Se revisó: { $moment }
update-install = Instalar ahora
update-check = Buscar actualizaciones
update-stage-checking = Buscando…
update-stage-downloading = Descargando… Campana sigue recibiendo pedidos.
update-stage-waiting = Listo para instalar. Atienda primero los pedidos que suenan.
update-stage-installing = Instalando… Campana se abrirá sola.
error-update-unreachable = No se pudo llegar al servidor de actualizaciones. Revise la conexión a internet y busque otra vez.
error-update-answer = El servidor de actualizaciones no responde bien. Busque otra vez más tarde.
error-update-not-secure = La actualización no viene por una conexión segura y no se usó. Avise a quien le da soporte.
error-update-nothing-for-this-computer = La versión nueva no existe para esta computadora. Avise a quien le da soporte.
error-update-broken-off = La descarga se cortó. Revise la conexión a internet e instale otra vez.
error-update-too-large = La descarga es demasiado grande y no se usó. Avise a quien le da soporte.
error-update-not-genuine = La descarga no es auténtica y no se instaló. Avise a quien le da soporte.
error-update-not-installed = No se pudo instalar; Campana sigue como estaba. Revise el espacio en el disco e instale otra vez.
error-update-orders-wait = Suena una alarma o hay pedidos sin ver. Atiéndalos e instale otra vez.
