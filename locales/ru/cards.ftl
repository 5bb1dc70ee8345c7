cards-title = Банковские карты
cards-add = Добавить карту
cards-add-other = Добавить другую карту
cards-none = Привязанных карт пока нет.
cards-none-text = С привязанной карты оплачивают покупки, на неё приходят возвраты. Привязать можно обычную карту, на которую приходит зарплата.
card-default = основная
card-prefer = Сделать основной
card-unnamed = Новая карта
card-good-until = до { $expiry }
card-all = Все карты
card-refresh = Обновить
card-one-at-a-time = Другую карту можно добавить, когда закончится проверка этой.
card-remove = Отвязать карту
card-keep = Не отвязывать

# Состояния карты: слово, и что оно значит
card-state-checked = Проверяется
card-state-to-be-typed = Ждёт данных
card-state-verifying = Ждёт суммы
card-state-confirmed = Подтверждена
card-state-expired = Срок истёк
card-state-failed = Не привязана
card-state-unbound = Отвязана
card-text-handing = Передаём карту банку.
card-text-to-be-typed = Введите карту на странице банка.
card-text-verifying = Введите списанную сумму — и карта будет привязана.
card-text-confirmed = Этой картой можно платить.
card-text-expired = Платить этой картой нельзя.
card-failure-declined = Банк не принял карту. Причину он сообщает только держателю: позвоните по номеру на обороте карты или привяжите другую.
card-failure-not-confirmed = Списание не подтвердили на странице банка.
card-failure-tries-spent = Сумму три раза ввели неверно.
card-failure-time-over = За двое суток сумму не ввели.
card-failure-not-entered = Данные карты до банка не дошли. Деньги не списаны.
card-failure-too-often = Сейчас эту карту привязать нельзя: её пробовали слишком часто. Деньги не списаны.
card-money-charging = Проверочная сумма списывается.
card-money-at-bank = Банк ждёт вашего подтверждения.
card-money-cancelling = Списание отменяется.
card-money-charged = Проверочная сумма списана.
card-money-returning = Проверочная сумма возвращается.
card-money-returned = Проверочная сумма возвращена.
card-money-declined = Деньги не списаны.

# Форма
card-new-title = Новая карта
card-new-sum = Спишем { $least }–{ $most }
card-new-lead = Банк пришлёт сумму в сообщении (KABINET CHECK) — введите её здесь. Вернём сразу после проверки, а без неё — в течение суток.
card-new-hosted = Номер карты и код безопасности вы введёте на странице банка. К нам они не попадут.
card-new-brands = { $card_brands }.
card-new-kept = Номер и код безопасности уходят в банк, у нас не остаются.
card-new-sandbox = Пробная установка: настоящую карту не вводите.
card-new-test-cards = Тестовые карты
card-new-brands-hosted = Подойдут карты: { $card_brands }.
card-number = Номер карты
card-holder = Имя держателя
card-holder-hint = Как на карте, например IVAN IVANOV
card-expiry = Срок действия
card-expiry-hint = Месяц и год, например 12/27
card-code = Код безопасности
card-code-hint = Три цифры на обороте
card-password-hint = Чтобы мы знали, что картой распоряжаетесь именно вы
card-save = Сохранить
card-number-empty = Введите номер карты.
card-number-characters = В номере карты бывают только цифры.
card-number-length = В номере не хватает цифр или есть лишние. Сверьте его с картой.
card-number-brand = Карты этой платёжной системы мы не принимаем. Подойдут: { $card_brands }.
card-number-checksum = В номере опечатка. Сверьте его с картой.
card-known = Эта карта уже привязана.
card-declined = Банк не принял карту. Деньги не списаны. Проверьте данные или возьмите другую карту.
card-bank-away = Нет связи с банком. Деньги не списаны, и эта попытка не считается. Попробуйте ещё раз через несколько минут.
card-wait = Слишком много попыток привязать карту. Деньги не списаны. Попробуйте позже: { $until }.
card-holder-empty = Введите имя держателя.
card-holder-number = Здесь нужно имя, а не номер.
card-holder-characters = Введите имя буквами, как на карте.
card-holder-long = Имя слишком длинное. Введите его так, как оно напечатано на карте.
card-expiry-empty = Введите срок действия.
card-expiry-unreadable = Введите месяц и год, например 12/27.
card-expiry-past = Срок действия карты истёк. Возьмите другую.
card-expiry-far = Проверьте год: карты на такой срок не выпускают.
card-code-empty = Введите код безопасности.
card-code-length = Код безопасности — три цифры на обороте карты.

# Проверка
card-verification-title = Проверка карты
card-where = Где мои деньги?
card-where-not-asked = Они на вашей карте: списания ещё не было.
card-where-to-be-typed = Они на вашей карте. Введите её данные на странице банка: номер и код увидит только он.
card-where-charging = Просим банк списать небольшую сумму. Обычно это занимает несколько секунд: нажмите «Обновить».
card-where-bank = Банк просит подтвердить списание на своей странице: без этого деньги не спишутся, а карта не привяжется. Если вы уже подтвердили его, нажмите «Обновить»: ответ банка приходит за несколько секунд.
card-to-bank = Перейти на страницу банка
card-where-charged = Деньги хранятся у нас. Введите сумму ниже — и мы сразу вернём её. Если не введёте, вернём сами, в указанный срок.
card-where-cancelling = Списание больше не нужно: просим банк его отменить. Если деньги уже списаны, они вернутся.
card-where-refused = Банк пока не принял возврат. Мы просим его снова и снова, вам делать ничего не нужно.
card-where-silent = Банк пока не отвечает. Мы просим его снова и снова, вам делать ничего не нужно.
card-where-late = Банк всё ещё не провёл возврат, и мы опаздываем. Вам делать ничего не нужно: о задержке знает наш сотрудник.
card-where-returned-sum = Мы вернули { $sum }.
card-where-bank-shows = Банк покажет возврат сразу или в течение нескольких дней.
card-where-never = Они на вашей карте: мы ничего не списали.
card-return-by = Вернём до

# Шаги проверочного списания
card-step-at = { $at }
card-step-by = до { $at }
card-step-handing = Передаём карту банку
card-step-typing = Ждём карту на странице банка
card-step-charging = Списываем небольшую сумму
card-step-at-bank = Ждём, когда вы подтвердите списание на странице банка
card-step-charged = Списали небольшую сумму
card-step-to-enter = Вы введёте сумму из сообщения банка
card-step-entering = Ждём от вас сумму
card-step-entered = Вы ввели сумму
card-step-to-return = Вернём деньги на карту
card-step-returning = Возвращаем деньги на карту
card-step-returned = Вернули деньги на карту
card-step-cancelling = Отменяем списание
card-step-if-charged = Если деньги уже списаны, вернём их

card-name-title = Введите сумму
card-name-text = Найдите её в сообщении банка или в истории операций: от { $least } до { $most }, получатель KABINET CHECK.
card-name-sandbox = На пробной установке сообщения банка здесь:
card-name-by = Ввести её можно и после возврата, до
card-sum = Списанная сумма
card-sum-hint = Например, 4,37
card-sum-empty = Введите сумму из сообщения банка.
card-sum-wrong = Это не похоже на сумму. Введите её так, как она стоит в сообщении банка, например 4,37.
card-sum-missed = { $left ->
    [one] Сумма не совпала. Осталась { $left } попытка.
    [few] Сумма не совпала. Осталось { $left } попытки.
   *[other] Сумма не совпала. Осталось { $left } попыток.
  }
card-tries = { $left ->
    [one] Осталась { $left } попытка.
    [few] Осталось { $left } попытки.
   *[other] Осталось { $left } попыток.
  }
card-confirm = Подтвердить

# Отвязать
card-confirmed = Карта { $card } привязана.
card-removed = Карта { $card } отвязана.
card-removed-unnamed = Карта отвязана.
card-dropped = Добавление карты отменено.
card-removal-title = Отвязать карту?
card-removal-text = Платить здесь этой картой больше не получится. Позже её можно привязать снова.
card-removal-away = Проверочная сумма ещё не вернулась. Вернём её и на отвязанную карту, до
card-removal-charging = Проверочное списание ещё не закончено: мы его отменим, а если деньги уже списаны — вернём до
card-drop = Отменить добавление
card-drop-title = Отменить добавление карты?
card-drop-text = Карта не привяжется, деньги не спишутся. Привязать её можно в любое время.
card-drop-keep = Продолжить добавление

# Lines of the activity
event-card-added = Добавлена карта
event-card-confirmed = Карта подтверждена
event-card-failed = Карта не привязана
event-card-unbound = Карта отвязана
