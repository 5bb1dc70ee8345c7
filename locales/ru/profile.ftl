
profile-title = Профиль
profile-none = Не указано
profile-name = Имя
profile-name-link = Изменить имя
profile-email = Электронная почта
profile-email-link = Сменить адрес
profile-pending = Ждёт подтверждения: { $value }.
profile-phone = Телефон
profile-phone-link = Сменить телефон
profile-phone-add = Добавить телефон
profile-language = Язык
profile-language-link = Сменить язык
profile-zone = Часовой пояс
profile-zone-link = Сменить часовой пояс
profile-password = Пароль
profile-questions = Восстановление доступа
profile-questions-link = Контрольные вопросы
profile-security-link = Сеансы, второй фактор и журнал
profile-messages = Сообщения
profile-save = Сохранить
next-profile = Вернуться в профиль

name-title = Имя
name-lead = Так мы будем к вам обращаться. Имя необязательно должно совпадать с паспортом, и никто, кроме вас, его здесь не видит.
name-label = Как к вам обращаться
name-hint = До 60 символов, например Анна
name-empty = Введите имя: в нём должна быть хотя бы одна буква.
name-long = Слишком длинно: помещается не больше { $max } { $max ->
    [one] символа
   *[other] символов
  }.
name-control = В имени оказался невидимый служебный символ. Наберите его заново с клавиатуры.
name-number = Похоже на номер карты или телефона. Никогда не вводите их туда, где о них не спрашивают, — здесь нужно имя.
name-link = Похоже на адрес сайта или почты. Здесь нужно имя.

language-title = Язык
language-lead = На этом языке будут страницы кабинета, письма и SMS.
language-wrong = Выберите язык из списка.

zone-title = Часовой пояс
zone-lead = По нему мы показываем время на страницах, в письмах и SMS. Сначала идут города России, дальше остальной мир по странам.
zone-wrong = Выберите часовой пояс из списка.
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

# A new password
new-password-change-title = Сменить пароль
new-password-ends = Когда пароль сменится, во всех остальных браузерах и на других устройствах вы выйдете из кабинета. Здесь вы останетесь.
current-password-label = Пароль, который действует сейчас
changed-password-label = Новый пароль
changed-again-label = Новый пароль ещё раз
password-changed-title = Пароль изменён
password-changed-text = Остальные сеансы завершены, ссылки из прежних писем больше не действуют. Мы отправили вам сообщение об этом.

# A new phone
phone-title = Телефон
phone-current = Сейчас подтверждён номер
phone-replace-text = Чтобы заменить его, введите новый. Пока новый номер не подтверждён, действует прежний. На прежний номер мы отправим SMS о замене.
phone-why = С телефоном можно входить в кабинет и получать SMS об операциях.
phone-pending = Мы ждём подтверждения номера { $phone }.
phone-pending-link = Ввести код из SMS
phone-password-hint = Чтобы мы знали, что телефон меняете именно вы
phone-same = Этот номер уже подтверждён. Укажите другой.
phone-code-submit = Подтвердить номер
phone-code-not-there = SMS нет? Подождите пару минут и проверьте, есть ли связь. Если номер уже привязан к другому аккаунту, вместо кода придёт SMS с объяснением.
phone-changed-title = Телефон подтверждён
phone-changed-text = Теперь SMS будут приходить на новый номер, и с ним можно войти. О замене мы сообщили на почту и на прежний номер, если они были.

# Taking an address or a phone away
removal-email-title = Удалить адрес почты
removal-email-text = Писем больше не будет, и войти с этим адресом будет нельзя. Останется телефон: о важном мы напишем в SMS.
removal-email-only = Этот адрес — единственный способ с вами связаться, поэтому удалить его нельзя. Сначала добавьте и подтвердите телефон.
removal-phone-title = Удалить телефон
removal-phone-text = SMS больше не будет, и войти с этим номером будет нельзя. Останется почта: о важном мы напишем туда.
removal-phone-only = Этот номер — единственный способ с вами связаться, поэтому удалить его нельзя. Сначала добавьте и подтвердите электронную почту.
removal-nothing = Удалять нечего: уже не указано.
removal-password-hint = Чтобы мы знали, что это делаете именно вы
removal-submit = Удалить
