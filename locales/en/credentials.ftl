no-way-back-title = Your password cannot be restored yet
no-way-back-text = If you forget your password, without an e-mail address or security questions you cannot restore it by yourself, only through support. Add one of the two: it takes a couple of minutes.
no-way-back-questions = Choose security questions
no-way-back-pending = We have sent a message to { $email }. Open the link in it or enter the code: then your password can be restored by e-mail. Security questions are the other way.
new-password-rule = At least one Arabic digit (0–9) is needed. Digits next to each other must not repeat or run in sequence.
new-password-examples = For example, 11, 12 and 21 are refused, while 19 and 4k7 are fine. Three or four random words with a digit between them make a good password.
username-label = Account
new-password-label = Password
new-password-hint = At least 8 characters, spaces allowed
again-label = Repeat the password
password-empty = Enter the password.
current-password-empty = Enter your current password.
password-long = A password cannot be longer than { $max } { $max ->
    [one] character
   *[other] characters
  }. Make it shorter.
password-short = The password is too short. It needs at least { $min } { $min ->
    [one] character
   *[other] characters
  }.
password-no-digit = The password has no Arabic digit. Add at least one, from 0 to 9.
password-digits-repeat = The password has the same digit twice in a row: “{ $pair }”. Change one of them or put a letter between them.
password-digits-sequence = In the password the digits “{ $pair }” stand side by side and run in sequence. Change one of them or put a letter between them.
password-common = This password is too well known: guessing starts with such ones. Choose another.
password-weak = This password is easy to guess. Make it longer, for example by adding another random word or two.
password-personal = The password holds your phone number, e-mail address or the name of the service. That is guessed first, so choose another.
password-control = The password holds an invisible control character. Type it again on the keyboard.
password-again-differs = The passwords differ. Enter the same one in both fields.
password-wrong = This password is not right. Check the keyboard layout and Caps Lock.
question-choose = Choose a question
question1-label = First question
answer1-label = Answer to the first question
question2-label = Second question
answer2-label = Answer to the second question
question3-label = Third question
answer3-label = Answer to the third question
answer-again = Type the answer again: we do not show it.
question-neighbour = Name of a neighbour in your childhood?
question-dish = Which dish did you hate as a child?
question-toy = What did you call your favourite toy?
question-street = Street where your best friend lived?
question-book = First book you read by yourself?
question-dream = What did you want to be at seven?
question-nickname = Your pet name at home as a child?
question-purchase = What did you buy with your first pay?
question-fear = What were you most afraid of as a child?
question-cinema = First film you saw in a cinema?
question-loss = Which lost thing did you miss longest?
question-doctor = Surname of your doctor in childhood?
question-gift = A present you will never forget?
question-poem = First poem you learned by heart?
question-chief = What was the surname of your first boss?
question-hiding = Your hiding place in hide-and-seek?
question-missing = Choose a question from the list.
question-twice = You have already chosen this question above. Take another.
answer-empty = Enter your answer.
answer-long = The answer is too long: there is room for { $max } { $max ->
    [one] character
   *[other] characters
  }.
answer-short = The answer is too short: it needs at least two letters or digits.
answer-in-question = The answer only repeats words of the question, so it is easy to guess. Answer in your own words.
answer-twice = You have given this answer to another question. The answers have to differ.

# Lines of the activity
event-questions-changed = Security questions changed
event-questions-set = Security questions set
event-factor-on = Two-step sign-in turned on
event-factor-off = Two-step sign-in turned off
event-backup-codes-made = New recovery codes made
event-backup-code-used = Recovery code used
event-sessions-ended = All sessions but one ended
factor-clock = Check the clock of your phone: here it is { $clock }.
