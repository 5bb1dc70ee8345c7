gift-title = A gift for you: a promo code for { $sum }
gift-code = Promo code:
gift-text = Enter it when you pay for a purchase.
gift-until = Valid until
country-wrong = Choose a country from the list.
country-no-sms = We do not send text messages to this country yet: { $country }. Choose another country and enter a number there.
phone-empty = Enter your phone number.
phone-wrong = There is no such number in the chosen country. Check the country and the digits.
phone-other-country = This number belongs to another country than the one chosen, { $country }. Choose the number’s country from the list, or enter another number.
phone-characters = A number may only have digits, spaces, brackets, hyphens and a plus sign in front. Remove anything else.
phone-long = This number is too long. Check that nothing was pasted by mistake.
phone-not-mobile = This number cannot receive text messages. Enter a mobile number.
code-empty = Enter the code from the message.
code-format = The code is { $digits } { $digits ->
    [one] digit
   *[other] digits
  } and nothing else. Check what you typed.
code-wrong = { $left ->
    [one] That is not the code. You have { $left } try left.
   *[other] That is not the code. You have { $left } tries left.
  }
code-expired = This code no longer works. Ask for a new one.
email-empty = Enter an e-mail address.
email-wrong = This is not a valid e-mail address. It should look like anna@example.com.
email-long = The address is too long. Check that nothing extra was pasted in.
email-characters = The address has characters that cannot be there, such as a space. Remove them.
email-local = Before the @ there can be Latin letters, digits and signs only: mail servers do not take other letters there. Check the keyboard layout.
phone-wait = We sent a text message to this number a short while ago. You can ask for another after { $time }.
phone-day = Too many codes have been sent to this number today. You can ask for another after { $time }.
phone-network = Too many codes were requested from your network’s address, which other people may share. You can ask for a code from here after { $time }, and from another network, such as mobile internet, right now.
phone-crowd = There are too many requests right now, so we have paused. Ask for a code after { $time }.
phone-no-sms = We do not send text messages to the country of this number. Enter a number of another country.

# The owner's activity
activity-title = Activity log
activity-lead = What happened to your account, when and from where. We keep entries for 400 days.
activity-filter = Show
activity-filter-submit = Show
activity-all = Everything
activity-sign-ins = Sign-ins and sign-outs
activity-failures = Failed attempts
activity-changes = Changes
activity-staff = What staff did
activity-none = There are no such entries. Sign-ins, failed attempts and changes to the account will appear here.
activity-newest = To the newest
activity-older = Earlier ones
activity-not-you = If you see something that you did not do, end the unknown sessions and change your password.
event-staff-looked = A staff member looked at the account
event-sms-on = Text message settings changed: on
event-sms-off = Text message settings changed: off
name-empty = Enter a name with at least one letter in it.
name-long = This is too long: there is room for { $max } { $max ->
    [one] character
   *[other] characters
  }.
name-control = There is an invisible control character in the name. Type it again on the keyboard.
name-number = This looks like a card or phone number. Never type one where nobody asks for it: a name belongs here.
name-link = This looks like the address of a site or a mailbox. A name belongs here.
zone-russia = Russia
zone-europe = Europe
zone-asia = Asia
zone-america = The Americas
zone-africa = Africa
zone-australia = Australia
zone-pacific = Pacific Ocean
zone-atlantic = Atlantic Ocean
zone-indian = Indian Ocean
zone-kaliningrad = Kaliningrad
zone-moscow = Moscow, Saint Petersburg, Kazan
zone-samara = Samara, Saratov, Izhevsk
zone-yekaterinburg = Yekaterinburg, Chelyabinsk, Ufa
zone-omsk = Omsk
zone-krasnoyarsk = Krasnoyarsk, Novosibirsk, Tomsk
zone-irkutsk = Irkutsk, Ulan-Ude
zone-yakutsk = Yakutsk, Chita, Blagoveshchensk
zone-vladivostok = Vladivostok, Khabarovsk
zone-magadan = Magadan, Yuzhno-Sakhalinsk
zone-kamchatka = Petropavlovsk-Kamchatsky
