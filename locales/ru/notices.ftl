# SMS: a code should fit into 70 characters.
sms-registration-code = { $brand } (не Ant Group): код { $code } — никому не говорите.
sms-already-registered = { $brand } (не Ant Group): у этого номера уже есть аккаунт. Войдите: { $url }
sms-unlock = { $brand } (не Ant Group): много неверных паролей. Это вы? Разрешите вход за 30 минут: { $url }
sms-recovery-code = { $brand } (не Ant Group): код доступа { $code } — никому не говорите.
sms-recovery-by-mail = { $brand } (не Ant Group): к вашему аккаунту привязана почта, восстановите доступ по ней: { $url }
sms-password-reset = { $brand } (не Ant Group): пароль изменён. Это не вы? Восстановите доступ: { $url }
sms-questions-changed = { $brand } (не Ant Group): контрольные вопросы изменены. Это не вы? Смените пароль: { $url }
sms-questions-set = { $brand } (не Ant Group): заданы контрольные вопросы. Это не вы? Смените пароль: { $url }

# The shell of mails
mail-number = Номер сообщения: { $number }
mail-verify = Проверить, мы ли отправили это письмо:
mail-code-label = Код:
mail-link-label = Если кнопка не работает, скопируйте адрес в браузер:
mail-notice = Письмо отправил независимый сайт { $host }. Он не принадлежит Alipay и Ant Group. На это письмо отвечать не нужно.{ $support ->
    [none] {""}
   *[other] {" "}Поддержка: { $support }.
 }

mail-confirm-email-subject = Подтвердите адрес электронной почты
mail-confirm-email-body-1 = Здравствуйте! Этот адрес указали в аккаунте { $number }. Чтобы его подтвердить, нажмите кнопку «Confirm» («Подтвердить») и ещё раз на странице, которая откроется.
mail-confirm-email-body-2 = Вошли в кабинет на другом устройстве? Тогда просто введите код там. Ссылка и код действуют 24 часа.
mail-confirm-email-body-3 = Если вы этого не просили, ничего не делайте: без подтверждения адрес не привяжется.
mail-confirm-email-link = Confirm

mail-address-taken-subject = Ваш адрес пытались добавить в другой аккаунт
mail-address-taken-body-1 = Здравствуйте! Кто-то попробовал указать этот адрес в другом аккаунте на нашем сайте. У нас ничего не изменилось: адрес по-прежнему ваш, и войти с ним можно только в ваш аккаунт.
mail-address-taken-body-2 = Если это были вы, войдите в аккаунт, к которому адрес уже привязан. Если нет, делать ничего не нужно.
mail-address-taken-link = Войти

mail-unlock-subject = Слишком много неудачных попыток войти
mail-unlock-body-1 = Здравствуйте! В ваш аккаунт много раз пытались войти с неверным паролем, поэтому вход с незнакомых устройств закрыт.
mail-unlock-body-2 = Если это были вы, разрешите вход по ссылке. Она действует 30 минут, пароль останется прежним.
mail-unlock-body-3 = Если нет, делать ничего не нужно: войти никому не удалось.
mail-unlock-link = Разрешить вход

sms-new-browser = { $brand } (не Ant Group): вход с нового устройства. Это не вы? Смените пароль: { $url }
mail-new-browser-subject = Вход с нового устройства
mail-new-browser-body-1 = Здравствуйте! В ваш аккаунт { $number } вошли с устройства, которого мы раньше не видели: { $moment }, IP-адрес { $ip }.
mail-new-browser-body-2 = Если это были вы, всё в порядке. Если нет, войдите и смените пароль.
mail-new-browser-link = Сменить пароль

sms-factor-on = { $brand } (не Ant Group): включён код при входе. Это не вы? Смените пароль: { $url }
sms-factor-off = { $brand } (не Ant Group): код при входе выключен. Это не вы? Смените пароль: { $url }
sms-backup-codes-made = { $brand } (не Ant Group): выданы новые коды восстановления. Это не вы? Смените пароль: { $url }
sms-backup-code-used = { $brand } (не Ant Group): вход с кодом восстановления. Это не вы? Смените пароль: { $url }

mail-factor-on-subject = Включён код при входе
mail-factor-on-body-1 = Здравствуйте! В аккаунте { $number } включён код при входе: { $moment }, IP-адрес { $ip }. Теперь после пароля мы спрашиваем и код из приложения.
mail-factor-on-body-2 = Если это были вы, всё в порядке. Если нет, сразу смените пароль и проверьте, откуда выполнен вход.
mail-factor-on-link = Сменить пароль

mail-factor-off-subject = Код при входе выключен
mail-factor-off-body-1 = Здравствуйте! В аккаунте { $number } выключен код при входе: { $moment }, IP-адрес { $ip }. Теперь для входа достаточно пароля.
mail-factor-off-body-2 = Если это были вы, всё в порядке. Если нет, сразу смените пароль, завершите чужие сеансы и включите код при входе снова.
mail-factor-off-link = Сменить пароль

mail-backup-codes-made-subject = Выданы новые коды восстановления
mail-backup-codes-made-body-1 = Здравствуйте! Для аккаунта { $number } выданы новые коды восстановления: { $moment }, IP-адрес { $ip }. Прежние больше не действуют.
mail-backup-codes-made-body-2 = Если это были вы, всё в порядке. Если нет, сразу смените пароль и завершите чужие сеансы.
mail-backup-codes-made-link = Сменить пароль

mail-backup-code-used-subject = Использован код восстановления
mail-backup-code-used-body-1 = Здравствуйте! В аккаунте { $number } использован код восстановления: { $moment }, IP-адрес { $ip }.
mail-backup-code-used-body-2 = { $left ->
    [0] Неиспользованных кодов больше нет. Получите новые на странице безопасности.
    [one] Остался { $left } неиспользованный код.
    [few] Осталось { $left } неиспользованных кода.
   *[other] Осталось { $left } неиспользованных кодов.
  }
mail-backup-code-used-body-3 = Если это были вы, всё в порядке. Если нет, сразу смените пароль и получите новые коды.
mail-backup-code-used-link = Сменить пароль

# Changes of access: SMS to the phone, and what they are called in the list of messages
sms-registration-code-subject = Код для регистрации
sms-already-registered-subject = Этот номер пытались зарегистрировать ещё раз
sms-phone-code-subject = Код для подтверждения телефона
sms-phone-taken-subject = Этот номер пытались добавить в другой аккаунт
sms-recovery-code-subject = Код для восстановления доступа
sms-recovery-by-mail-subject = Доступ восстанавливается по электронной почте
sms-phone-code = { $brand } (не Ant Group): код { $code } для смены номера — никому не говорите.
sms-phone-taken = { $brand } (не Ant Group): ваш номер указали в другом аккаунте. У вас ничего не изменилось. Войти: { $url }
sms-email-added = { $brand } (не Ant Group): почта { $value } добавлена в аккаунт. Это не вы? Смените пароль: { $url }
sms-email-changed = { $brand } (не Ant Group): почта аккаунта теперь { $value }. Это не вы? Смените пароль: { $url }
sms-email-removed = { $brand } (не Ant Group): почта { $value } удалена из аккаунта. Это не вы? Смените пароль: { $url }
sms-phone-changed = { $brand } (не Ant Group): новый телефон { $value }. Это не вы? Войдите по почте и смените пароль: { $url }
sms-phone-removed = { $brand } (не Ant Group): телефон { $value } удалён из аккаунта. Это не вы? Смените пароль: { $url }
sms-password-changed = { $brand } (не Ant Group): пароль изменён. Это не вы? Восстановите доступ: { $url }
sms-sms-preferences-changed = { $brand } (не Ant Group): настройки SMS изменены. Это не вы? Смените пароль: { $url }

mail-email-added-subject = Почта добавлена в аккаунт
mail-email-added-body-1 = Здравствуйте! В аккаунт { $number } добавлен адрес электронной почты { $value }: { $moment }, IP-адрес { $ip }. Теперь письма приходят на него, с ним можно войти и восстановить пароль.
mail-email-added-body-2 = Если это были вы, всё в порядке. Если нет, сразу войдите и смените пароль, а если войти не получается — восстановите доступ.
mail-email-added-link = Сменить пароль

mail-email-changed-subject = В аккаунте новый адрес электронной почты
mail-email-changed-body-1 = Здравствуйте! В аккаунте { $number } подтверждён адрес электронной почты { $value }: { $moment }, IP-адрес { $ip }. Письма теперь приходят на него.
mail-email-changed-body-2 = Если это были вы, всё в порядке. Если нет, сразу войдите и смените пароль, а если войти не получается — восстановите доступ.
mail-email-changed-link = Сменить пароль

mail-email-removed-subject = Адрес электронной почты удалён
mail-email-removed-body-1 = Здравствуйте! Из аккаунта { $number } удалён адрес { $value }: { $moment }, IP-адрес { $ip }. Писем на него больше не будет, войти с ним нельзя.
mail-email-removed-body-2 = Если это были вы, всё в порядке. Если нет, сразу войдите и смените пароль, а если войти не получается — восстановите доступ.
mail-email-removed-link = Сменить пароль

mail-phone-changed-subject = Телефон изменён
mail-phone-changed-body-1 = Здравствуйте! В аккаунте { $number } подтверждён новый телефон — { $value }: { $moment }, IP-адрес { $ip }. SMS теперь приходят на него.
mail-phone-changed-body-2 = Если это были вы, всё в порядке. Если нет, сразу войдите и смените пароль, а если войти не получается — восстановите доступ.
mail-phone-changed-link = Сменить пароль

mail-phone-removed-subject = Телефон удалён
mail-phone-removed-body-1 = Здравствуйте! Из аккаунта { $number } удалён телефон { $value }: { $moment }, IP-адрес { $ip }. SMS на него больше не будет, войти с ним нельзя.
mail-phone-removed-body-2 = Если это были вы, всё в порядке. Если нет, сразу войдите и смените пароль, а если войти не получается — восстановите доступ.
mail-phone-removed-link = Сменить пароль

mail-password-changed-subject = Пароль изменён
mail-password-changed-body-1 = Здравствуйте! В аккаунте { $number } изменён пароль: { $moment }, IP-адрес { $ip }. Во всех остальных браузерах сеансы завершены.
mail-password-changed-body-2 = Если это были вы, всё в порядке. Если нет, сразу восстановите доступ по ссылке.
mail-password-changed-link = Восстановить доступ

mail-sms-preferences-changed-subject = Настройки SMS изменены
mail-sms-preferences-changed-body-1 = Здравствуйте! В аккаунте { $number } изменены настройки SMS-уведомлений: { $moment }, IP-адрес { $ip }. Письма и журнал остаются в любом случае.
mail-sms-preferences-changed-body-2 = Если это были вы, всё в порядке. Если нет, сразу войдите и смените пароль, а если войти не получается — восстановите доступ.
mail-sms-preferences-changed-link = Сменить пароль

mail-recovery-subject = Восстановление доступа
mail-recovery-body-1 = Здравствуйте! Кто-то попросил восстановить доступ к аккаунту { $number }. Запрос пришёл с IP-адреса { $ip }.
mail-recovery-body-2 = Если это были вы, откройте ссылку и нажмите кнопку на странице или введите код там, где вы просили о восстановлении. Ссылка и код действуют 30 минут и только один раз.
mail-recovery-body-3 = Если нет, ничего не делайте: пароль останется прежним. Никому не пересылайте это письмо и не называйте код.
mail-recovery-link = Восстановить доступ

mail-password-reset-subject = Пароль изменён
mail-password-reset-body-1 = Здравствуйте! Пароль аккаунта { $number } восстановлен: { $moment }, IP-адрес { $ip }. Вы вышли из кабинета во всех браузерах, войти можно только с новым паролем.
mail-password-reset-body-2 = Если это были вы, делать ничего не нужно. Если нет, сразу восстановите доступ по ссылке и проверьте, кто ещё может читать вашу почту.
mail-password-reset-link = Восстановить доступ

mail-invite-subject = Ваш аккаунт готов
mail-invite-body-1 = Здравствуйте! Мы открыли для вас аккаунт { $number }: с ним видно, где деньги за ваши покупки. Чтобы начать им пользоваться, нажмите кнопку «Confirm» («Подтвердить») и ещё раз на странице, которая откроется.
mail-invite-body-2 = Читаете письмо на другом устройстве? Откройте { $page } и введите этот адрес электронной почты и код. Ссылка и код действуют 24 часа.
mail-invite-body-3 = Если аккаунт вам не нужен, ничего не делайте: без вашего согласия он не заработает.
mail-invite-link = Confirm

mail-already-invited-subject = У вас уже есть аккаунт
mail-already-invited-body-1 = Здравствуйте! Этот адрес указали, чтобы открыть новый аккаунт, но у вас он уже есть: { $number }. Второй не нужен, покупки будут видны в этом.
mail-already-invited-body-2 = Войдите как обычно. Если вы забыли пароль, нажмите на странице входа «Забыли пароль?».
mail-already-invited-link = Войти

mail-questions-changed-subject = Контрольные вопросы изменены
mail-questions-changed-body-1 = Здравствуйте! В аккаунте { $number } заданы новые контрольные вопросы: { $moment }, IP-адрес { $ip }.
mail-questions-changed-body-2 = Если это были вы, всё в порядке. Если нет, войдите, смените пароль и вопросы.
mail-questions-changed-link = Сменить пароль
mail-questions-set-subject = Контрольные вопросы заданы
mail-questions-set-body-1 = Здравствуйте! В аккаунте { $number } заданы контрольные вопросы: { $moment }, IP-адрес { $ip }. С ними можно восстановить пароль.
mail-questions-set-body-2 = Если это были вы, всё в порядке. Если нет, войдите, смените пароль и вопросы.
mail-questions-set-link = Сменить пароль

# Карты
sms-card-charged = { $brand } (не Ant Group): карта { $card }: введите сумму списания, вернём за сутки. { $url }
mail-card-charged-subject = Введите списанную сумму, чтобы привязать карту
mail-card-charged-body-1 = Здравствуйте! К аккаунту { $number } добавлена карта { $card }. Чтобы проверить её, мы списали небольшую сумму.
mail-card-charged-body-2 = Найдите сумму в сообщении банка и введите её на странице карты. Деньги вернём до { $by }, даже если вы ничего не сделаете.
mail-card-charged-body-3 = Если карту добавили не вы, войдите, отвяжите её и смените пароль.
mail-card-charged-link = Ввести сумму
sms-card-confirmed = { $brand } (не Ant Group): карта { $card } подтверждена. Это не вы? { $url }
mail-card-confirmed-subject = Карта подтверждена
mail-card-confirmed-body-1 = Здравствуйте! Карта { $card } в аккаунте { $number } подтверждена: ею можно платить. Проверочную сумму возвращаем.
mail-card-confirmed-body-2 = Если это были не вы, войдите, отвяжите карту и смените пароль.
mail-card-confirmed-link = Посмотреть карту
sms-card-failed = { $brand } (не Ant Group): карта { $card } не привязана. Подробнее: { $url }
mail-card-failed-subject = Карта не привязана
mail-card-failed-body-1 = Здравствуйте! Карту { $card } не удалось привязать к аккаунту { $number }. { $reason }
mail-card-failed-body-2 = Если проверочная сумма была списана, мы её возвращаем: на странице карты видно, где она.
mail-card-failed-link = Где мои деньги
card-verification-sum = проверочную сумму
sms-card-returned = { $brand } (не Ant Group): вернули { $sum } на карту { $card }. Подробнее: { $url }
mail-card-returned-subject = Проверочная сумма возвращена
mail-card-returned-body-1 = Здравствуйте! Мы вернули { $sum } на карту { $card }, привязанную к аккаунту { $number }.
mail-card-returned-body-2 = Банк покажет возврат сразу или в течение нескольких дней: это зависит от него.
mail-card-returned-link = Посмотреть карту
sms-card-dropped = { $brand } (не Ant Group): добавление карты { $card } отменено. Это не вы? Смените пароль: { $url }
mail-card-dropped-subject = Добавление карты отменено
mail-card-dropped-body-1 = Здравствуйте! Добавление карты { $card } к аккаунту { $number } отменено.
mail-card-dropped-body-2 = Если проверочная сумма уже списана, она вернётся на карту. Если это были не вы, войдите и смените пароль.
mail-card-dropped-link = Сменить пароль

sms-card-unbound = { $brand } (не Ant Group): карта { $card } отвязана. Это не вы? Смените пароль: { $url }
mail-card-unbound-subject = Карта отвязана
mail-card-unbound-body-1 = Здравствуйте! Карта { $card } отвязана от аккаунта { $number }.
mail-card-unbound-body-2 = Если это были не вы, войдите и смените пароль. Проверочная сумма, если она ещё не вернулась, вернётся и на отвязанную карту.
mail-card-unbound-link = Сменить пароль
sms-card-expiring = { $brand } (не Ant Group): карта { $card } действует по { $by }. Привяжите новую: { $url }
mail-card-expiring-subject = Срок действия карты истекает
mail-card-expiring-body-1 = Здравствуйте! Карта { $card } в аккаунте { $number } действует по { $by } включительно. После этого платить ею будет нельзя.
mail-card-expiring-body-2 = Когда банк выдаст новую, привяжите её в разделе «Банковские карты».
mail-card-expiring-link = Посмотреть карту
mail-money-stuck-subject = Деньги не движутся: нужен оператор
mail-money-stuck-body-1 = Проверочное списание { $sum } с карты { $card } (аккаунт { $number }) не удаётся довести до конца с { $since }. Держателю карты обещано вернуть деньги до { $by }.
mail-money-stuck-body-2 = Что отвечает шлюз: { $reason }. Портал просит его снова и снова под тем же номером операции, второй раз ничего не спишется и не вернётся.
mail-money-stuck-body-3 = Всё, что ждёт оператора, показывает команда kabinet cards stuck.
mail-money-stuck-link = Открыть портал
message-state-queued = Ждёт отправки
message-state-again = Ждёт отправки: с первого раза не получилось, мы пробуем ещё
message-state-sending = Отправляется
message-state-sent = Отправлено
message-state-delivered = Доставлено
message-state-undelivered = Не доставлено: телефон не принял сообщение
message-state-late = Не доставлено: отправить вовремя не получилось, а позже сообщение было бы уже бесполезно
message-state-address = Не доставлено: на такой адрес или номер нельзя отправить сообщение
message-state-refused = Не доставлено: почтовый сервер или оператор связи отказался его принять. Проверьте адрес или номер в профиле
message-state-unreachable = Не доставлено: почтовый сервер или оператор связи не отвечал
message-state-broken = Не доставлено из-за ошибки на нашей стороне
verify-lead = Внизу каждого нашего письма есть номер. Введите его, и мы скажем, отправляли ли мы такое сообщение. Кому оно отправлено, мы не показываем.
verify-label = Номер сообщения
verify-hint = Например, 7Q3KM-0F9TX. Регистр, пробелы и дефисы не важны
verify-submit = Проверить
verify-ours = Сообщение { $number } отправили мы
verify-about = О чём
verify-channel = Как
verify-mail = Письмо
verify-sms = SMS
verify-day = Когда
verify-compare = Сравните с тем, что пришло вам: номер легко скопировать из чужого сообщения. Если в нём говорится о другом, если оно пришло в другой день или вас просят сообщить кому-то код, пароль или данные карты, — отправили его не мы.
verify-unknown = Сообщения { $number } у нас нет
verify-unknown-text = Проверьте, нет ли опечатки. Мы помним сообщения 90 дней: более старые проверить нельзя. Если номер верный, а письмо свежее, отправили его не мы.
verify-do-nothing = Не открывайте ссылки и вложения и не отвечайте.
verify-do-password = Если вы уже ввели где-то пароль, смените его в профиле.
verify-do-delete = Отметьте письмо как спам и удалите его.
verify-links = Ссылки в наших письмах начинаются только с { $site }
verify-empty = Введите номер сообщения.
verify-format = В номере десять латинских букв и цифр, например 7Q3KM-0F9TX. Проверьте, что вы ввели.
