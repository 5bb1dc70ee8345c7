gift-title = Вам подарок: промокод на { $sum }
gift-code = Промокод:
gift-text = Его можно использовать при оплате покупки.
gift-until = Действует до
country-wrong = Выберите страну из списка.
country-no-sms = В эту страну мы пока не отправляем SMS: { $country }. Выберите другую страну и введите её номер.
phone-empty = Введите номер телефона.
phone-wrong = В этой стране нет такого номера. Проверьте страну и цифры.
phone-other-country = Это номер другой страны, а выбрана { $country }. Выберите страну номера в списке или введите другой номер.
phone-characters = В номере могут быть только цифры, пробелы, скобки, дефисы и плюс в начале. Уберите остальное.
phone-long = Номер слишком длинный. Проверьте, не вставилось ли лишнее.
phone-not-mobile = На этот номер не приходят SMS. Укажите мобильный.
code-empty = Введите код из сообщения.
code-format = В коде { $digits } { $digits ->
    [one] цифра
    [few] цифры
   *[other] цифр
  } и ничего больше. Проверьте, что вы ввели.
code-wrong = { $left ->
    [one] Код не подошёл. Осталась { $left } попытка.
    [few] Код не подошёл. Осталось { $left } попытки.
   *[other] Код не подошёл. Осталось { $left } попыток.
  }
code-expired = Срок действия кода вышел. Запросите новый.
email-empty = Введите адрес электронной почты.
email-wrong = В адресе ошибка. Он выглядит так: anna@example.com.
email-long = Адрес слишком длинный. Проверьте, не вставилось ли лишнее.
email-characters = В адресе есть символы, которых там быть не может, например пробел. Уберите их.
phone-wait = Код на этот номер мы уже отправили. Новый можно запросить после { $time }.
phone-day = На этот номер сегодня отправлено слишком много кодов. Следующий можно запросить после { $time }.
phone-crowd = Сейчас слишком много запросов, и мы сделали паузу. Запросите код после { $time }.
phone-no-sms = В страну этого номера мы не отправляем SMS. Укажите номер другой страны.

# The owner's journal
activity-title = Журнал событий
activity-lead = Что происходило с вашим аккаунтом, когда и откуда. Мы храним записи 400 дней.
activity-filter = Показывать
activity-filter-submit = Показать
activity-all = Всё
activity-sign-ins = Входы и выходы
activity-failures = Неудачные попытки
activity-changes = Изменения
activity-staff = Действия сотрудников
activity-none = Таких записей нет. Здесь появятся входы, неудачные попытки и изменения в аккаунте.
activity-newest = К самым новым
activity-older = Более ранние
activity-not-you = Если вы видите то, чего не делали, завершите чужие сеансы и смените пароль.
event-registered = Аккаунт создан
event-signed-in = Вход
event-sign-in-failed = Неудачный вход: пароль не подошёл
event-code-failed = Неудачный вход: код не подошёл
event-signed-out = Выход
event-password-changed = Пароль изменён
event-recovery-asked = Запрошено восстановление доступа
event-email-changed = Электронная почта подтверждена
event-phone-changed = Телефон изменён
event-questions-changed = Контрольные вопросы изменены
event-factor-on = Второй фактор включён
event-factor-off = Второй фактор выключен
event-recovery-codes-made = Получены новые коды восстановления
event-recovery-code-used = Использован код восстановления
event-session-ended = Сеанс завершён
event-sessions-ended = Завершены все сеансы, кроме одного
event-browser-forgotten = Запомненный браузер забыт
event-card-added = Добавлена карта
event-card-confirmed = Карта подтверждена
event-card-failed = Карта не привязана
event-card-unbound = Карта отвязана
event-staff-looked = Сотрудник смотрел данные аккаунта
event-name-changed = Имя изменено
event-language-changed = Язык изменён
event-time-zone-changed = Часовой пояс изменён
event-email-removed = Адрес электронной почты удалён
event-phone-removed = Телефон удалён
event-password-reset-mail = Пароль восстановлен по письму
event-password-reset-sms = Пароль восстановлен по SMS
event-sms-on = Настройки SMS изменены: SMS включены
event-sms-off = Настройки SMS изменены: SMS выключены
name-empty = Введите имя: в нём должна быть хотя бы одна буква.
name-long = Слишком длинно: помещается не больше { $max } { $max ->
    [one] символа
   *[other] символов
  }.
name-control = В имени оказался невидимый служебный символ. Наберите его заново с клавиатуры.
name-number = Похоже на номер карты или телефона. Никогда не вводите их туда, где о них не спрашивают, — здесь нужно имя.
name-link = Похоже на адрес сайта или почты. Здесь нужно имя.
zone-russia = Россия
zone-europe = Европа
zone-asia = Азия
zone-america = Америка
zone-africa = Африка
zone-australia = Австралия
zone-pacific = Тихий океан
zone-atlantic = Атлантический океан
zone-indian = Индийский океан
zone-kaliningrad = Калининград
zone-moscow = Москва, Санкт-Петербург, Казань
zone-samara = Самара, Саратов, Ижевск
zone-yekaterinburg = Екатеринбург, Челябинск, Уфа
zone-omsk = Омск
zone-krasnoyarsk = Красноярск, Новосибирск, Томск
zone-irkutsk = Иркутск, Улан-Удэ
zone-yakutsk = Якутск, Чита, Благовещенск
zone-vladivostok = Владивосток, Хабаровск
zone-magadan = Магадан, Южно-Сахалинск
zone-kamchatka = Петропавловск-Камчатский, Анадырь
