landing-description = An independent account for shopping abroad: we hold the money until the parcel has arrived. Register by phone number.
help-description = Signing in, registration, passwords, bank cards and checking our messages: answers to frequent questions.
landing-title = Your money waits until the goods arrive
landing-lead = An independent international payment system for people who buy and sell on marketplaces. We hold your payment and pass it to the seller only when you confirm that the goods have arrived.
landing-go-gloss = Sign in or register
landing-gift-line = New members get a promo code worth { $sum } as a gift.

landing-how-title = How it works
landing-how-pay = You pay
landing-how-pay-text = You choose something on the marketplace and pay the way that suits you.
landing-how-wait = The money waits
landing-how-wait-text = Your payment comes to us and stays with us. While the goods are on their way, the seller does not get it.
landing-how-arrive = The goods arrive
landing-how-arrive-text = You pick up the parcel and check that it is what you ordered.
landing-how-confirm = You confirm that you have them
landing-how-confirm-text = Only then does the money go to the seller.

landing-guarantees-title = What we guarantee
landing-guarantee-dispute = Win a dispute, get your money
landing-guarantee-dispute-text = If a dispute is decided in your favour, the payment comes back to you.
landing-guarantee-lost = No goods — your money back
landing-guarantee-lost-text = Your money is safe until the goods arrive. If the parcel never comes, we return the money to you.
landing-guarantee-strangers = Protection from fraud
landing-guarantee-strangers-text = We tell you of every transaction by e-mail or text message, and you can guard sign-in with a code from an app as well.
landing-guarantee-sellers = Protection from dishonest sellers
landing-guarantee-sellers-text = A seller cannot take your money and send nothing: the seller does not have it.
landing-attention = Please note!
landing-attention-text = If you win a dispute, the seller must return your money. The marketplace’s administration makes sure of it.

landing-in-title = How to get in
landing-in-text = There are two ways into your account. Either will do.
landing-in-marketplace = Through the marketplace
landing-in-marketplace-text = If you have bought anything on { -marketplace }, you already have an account: it appears by itself after the first paid purchase.
landing-in-marketplace-1 = Sign in to your { -marketplace } profile.
landing-in-marketplace-2 = Open the menu in the top right corner and choose “My { -marketplace }” (in Russian, “Мой { -marketplace }”).
landing-in-marketplace-3 = Press “My { $brand }” (“Мой { $brand }”), and you are in.
landing-in-site = Through this site
landing-in-site-text = This is the way for people who have registered here.
landing-in-site-1 = Press “Go to My { $brand }”.
landing-in-site-2 = On the “Sign in” tab, enter your account ID, phone number or e-mail address and your password.
landing-in-site-3 = Press “Sign in”.
landing-register = No account yet? Register: a phone and a password are enough.

landing-cards-title = Cards and currencies
landing-cards-text = Pay with { $card_brands }. The card your salary is paid to will do: you do not need a separate card in a foreign currency.
landing-currencies = We work with { $count } { $count ->
    [one] currency
   *[other] currencies
  }:
currency-name = { $code ->
    [USD] US dollar
    [EUR] euro
    [GBP] pound sterling
    [RUB] Russian rouble
    [HKD] Hong Kong dollar
    [SGD] Singapore dollar
    [JPY] Japanese yen
    [CAD] Canadian dollar
    [AUD] Australian dollar
    [NZD] New Zealand dollar
    [CHF] Swiss franc
    [SEK] Swedish krona
    [DKK] Danish krone
    [NOK] Norwegian krone
   *[other] { $code }
  }

help-title = Help
help-lead = Short answers to the questions people ask most.
help-contents = Questions
help-forgotten-title = What if I forget my password?
help-forgotten-text = On the sign-in page press “Forgot your password?”. We send a message to your e-mail address, or a code by text message if you have none, and ask your security questions if you have chosen any. Without a confirmed e-mail address and without security questions you cannot restore a password by yourself: only support can help. So add them in your profile beforehand.
help-forgotten-link = Restore access
help-questions-title = What are security questions for?
help-questions-text = If you forget your password, we first send you an e-mail or a text message and then ask the three questions that you have chosen. That keeps out whoever has got hold of your mailbox or phone. You choose or change the questions in your profile. We neither keep nor see your answers, only fingerprints that do not tell them.
help-questions-link = Security questions
help-card-title = How do I add a card?
help-card-text = Press the bank card icon at the top of the page: it opens “Cards”. Press “Add a card” and enter the number, the cardholder’s name, the expiry and the security code. We accept { $card_brands }. The number goes to the bank; we do not keep it.
help-charge-title = How much is charged for the check, and when does it come back?
help-charge-text = Between { $least } and { $most }. Your bank sends you a message with the amount: enter it on the card’s page. We return the money as soon as the check is done, and within 24 hours if you never finish it.
help-charge-late = Your bank shows the refund at once or within a few days. The card’s page always says where the money is and by when we return it. If that time has passed and there is no refund, contact support.
help-declined-title = Why was my card declined?
help-declined-text = The bank tells the reason to the cardholder only: call the number on the back of the card. Some banks do not allow payments on the internet, or there is too little money on the card. Nothing is charged for such an attempt.
help-removal-title = How do I remove a card?
help-removal-text = Open “Cards”, choose the card and press “Remove the card”. If the verification charge has not come back yet, it returns to a removed card too.
help-sms-title = How do I switch text messages off?
help-sms-text = In your account open “SMS notification” and choose what to be told of and from which amount. We tell you of every transaction in at least one way: with text messages off, by e-mail.
help-support-title = How do I reach support?
help-support-text = Give your account ID. If a page with an error showed a request number, give that too. Do not give your password, a code from a text message or card details: our staff do not need them.
help-sign-in-title = How do I sign in?
help-sign-in-text = On the “Sign in” tab, enter your account ID, e-mail address or phone number, and your password. Numbers may have spaces and hyphens; in an e-mail address capital letters do not matter. In the password every character counts.
help-sign-in-link = Go to sign-in
help-number-title = What is the account ID?
help-number-text = It is the 12 digits that we show at the end of registration and on the first page of your account. You can sign in with it even if your phone number changes. Unlike your password, the ID is not a secret.
help-registration-title = How do I register?
help-registration-text = You only need a mobile phone and a password. We text you a code, ask for your consent to the use of your data, and ask you to create a password. At the end you see your account ID and a promo code as a gift. You register once.
help-registration-link = Register
help-promo-title = Where is my promo code?
help-promo-text = We give a promo code for registering. It stands on the page with your account ID and in your account, with the day until which it is valid. Enter it when you pay for a purchase.
help-code-title = Why has the code not come?
help-code-text = A text message can take a few minutes. Check the country and the number, your signal, and the spam folder. You can ask for another message one minute after the first.
help-password-title = What must a password be like?
help-password-text = At least 8 characters, with at least one Arabic digit among them. Digits next to each other must not repeat or run in sequence: 11, 12 and 21 are refused, 19 and 4k7 are fine.
help-password-why = 1234 and repeats are guessed first, so we do not accept them. Do not take a year of birth either. The easiest way is to take a few unrelated words and put a digit between them.
help-locked-title = Why do I have to wait?
help-locked-text = After several failed tries we pause, so that nobody can guess the password. The page says for how long. Where you have signed in before, you can sign in during the pause too.
help-money-title = Where is my money after I pay?
help-money-text = With us. We hold it until you confirm that you have the goods, and only then pass it to the seller. If the goods do not come, the money comes back to you.
help-dispute-text = If a dispute is decided in your favour, the seller must return the money. The marketplace’s administration makes sure of it.
help-safety-title = How do I stay safe from fraud?
help-safety-code = Never tell anyone your password or a code from a text message. We never ask for them, neither by phone nor in writing.
help-safety-address = Before you enter your password, check the site’s address in the browser.
help-safety-mail = Every e-mail of ours ends with a number: with it you can check that we sent it. No link in an e-mail leads to a page that asks for card details.
help-browser-title = Which browser do I need?
help-browser-text = Any. The site works without JavaScript, in text browsers and with screen readers too. It only needs cookies: without them we cannot tell on the next page that it is you.

privacy-title = Privacy policy
policy-version = Version of { $month }
policy-lead = This text says which data about you this site needs, what for, how long the data is kept, and what you can do about it. We have tried to keep it short and clear. It follows the Russian Federal Law No. 152-FZ “On Personal Data” of 27 July 2006.
policy-who-title = Who answers for the data
policy-who-text = { $operator ->
    [none] The operator of personal data is whoever runs the site { $host } on a server of their own.
   *[other] The operator of personal data is { $operator }, address: { $address }.
  } The site is independent: Alipay and Ant Group do not operate it and receive none of your data from it.
policy-what-title = Which data, and what for
policy-what-phone = Your phone number
policy-what-phone-why = To register you, to send codes and messages about transactions, and to recognise you when you sign in.
policy-what-email = Your e-mail address, if you give one
policy-what-email-why = To recognise you when you sign in, to send you messages about transactions, and to give you back access if you lose it.
policy-what-password = Your password
policy-what-password-why = To open the account to you alone. We do not keep the password itself, only a fingerprint it cannot be recovered from.
policy-what-profile = Name, time zone, security questions and the key of a code app, if you have given them
policy-what-profile-why = To address you, to show times where you live, and to give access back to you. We do not keep the answers, only fingerprints that do not tell them; the key of the app is kept encrypted.
policy-what-visits = Times of sign-in, IP address, and details of the browser
policy-what-visits-why = To notice strangers’ attempts to sign in, to limit password guessing, and to show you the log.
policy-what-money = Purchases, payments, refunds and promo codes
policy-what-money-why = To hold the money until the goods arrive, to return it after disputes, and to keep the books as the law requires.
policy-what-card = A card, if you add one: its payment system, last four digits, expiry date and holder’s name
policy-what-card-why = So that you can pay and be refunded. We do not keep the full card number or the code on the back: they go straight to the bank.
policy-what-consent = Your consents: version of the text, time, and IP address
policy-what-consent-why = To prove that consent was given. Support sends you your copy on request.
policy-what-not = We do not need, and do not collect, your passport, photographs, contacts or location.
policy-ground-title = On what grounds
policy-ground-text = Your consent, our agreement with you about the use of the service, and the laws on payments and accounting. The consent is a document of its own: you give it yourself, by ticking a box below its text, and nobody ticks it for you.
policy-actions-title = What we do with the data
policy-actions-text = We collect, record, keep, correct, use, pass to those named below, block and delete it, with computers, on the operator’s server. No program here makes a decision with legal effect for you without a person.
policy-share-title = Who receives it
policy-share-lead = Only what is needed, and only these:
policy-share-bank = the bank and the payment gateway: details of a payment, refund or card;
policy-share-messages = the phone company and the mail service: your number or address and the text of the message;
policy-share-marketplace = the marketplace you came from or bought on: your account ID and the state of the payment;
policy-share-state = public authorities, where the law directly requires it.
policy-share-not = The data is not sold and not used for advertising. There are no third-party counters, fonts or scripts on these pages.
policy-term-title = How long we keep it
policy-term-codes = Codes from messages and one-time links: no longer than a day after they are used or run out.
policy-term-attempts = Data of a registration that was not finished: no longer than a day. The number of a request to support: 30 days.
policy-term-sessions = Records of sessions: { $days } days after they end.
policy-term-journal = The log of sign-ins and important actions with IP addresses: { $days } days.
policy-term-messages = Records of e-mails and text messages (when, where to, what about, whether they arrived): { $days } days. Their text is erased as soon as they are sent.
policy-term-account = Phone, e-mail, account ID and consents: until the account is closed or the consent is withdrawn.
policy-term-money = Records of money transactions: at least five years, as the law requires.
policy-rights-title = What you can do
policy-rights-know = Find out which data about you there is, and get a copy.
policy-rights-mend = Have anything wrong or out of date corrected.
policy-rights-withdraw = Withdraw your consent or object to the use of the data, without giving reasons.
policy-rights-complain = Complain to Roskomnadzor, the Russian data protection authority, or go to court.
policy-rights-how = To do so, contact the operator and give your account ID. You will have an answer within 10 working days.
policy-delete-title = How data is deleted
policy-delete-text = Once you withdraw your consent or close the account, we stop using the data and delete it within 30 days. We keep only what the law obliges us to keep, such as records of transactions. If there is money in the account or a dispute is open, those have to be settled first.
policy-guard-title = How we protect the data
policy-guard-text = The connection to the site is encrypted, secrets are stored encrypted, and every look that staff take at an account leaves a line in its log. If data does reach strangers, we will tell Roskomnadzor within a day, and tell you what happened and what to do.
policy-cookies-title = Cookies
policy-cookies-text = There are only a few, and the site needs all of them: to recognise you once you have signed in, to remember a known device, to lead you through registration, to guard forms against forgery, and to remember the language. None is for advertising.
policy-change-title = If the policy changes
policy-change-text = Every version has its own date, shown at the top of the page. If something important changes, we will ask for your consent again.
