# Control questions: a list of what stays the same for life and stands in no social network.
questions-title = Control questions
questions-why = If you forget your password, we first send you an e-mail or a text message and then ask these questions. That keeps out whoever has got hold of your mailbox or phone.
questions-advice = Choose three different questions and answer them the way you will in a few years’ time. Capital letters, spaces and punctuation make no difference. Nobody sees your answers, not even our staff.
questions-current = The questions you have chosen:
questions-replace = To replace them, choose new ones. Your old answers will not work after that.
questions-password-hint = So that we know it is you who changes the questions
questions-submit = Send
questions-set-title = Your control questions are saved
questions-set-text = If you ever forget your password, we will ask:
question-choose = Choose a question
question1-label = First question
answer1-label = Answer to the first question
question2-label = Second question
answer2-label = Answer to the second question
question3-label = Third question
answer3-label = Answer to the third question

question-neighbour = What was the name of a neighbour from your childhood?
question-dish = Which dish could you not stand as a child?
question-toy = What did you call your favourite toy?
question-street = In which street did your best childhood friend live?
question-book = Which was the first book you read to the end by yourself?
question-dream = What did you want to become when you were seven?
question-nickname = What pet name did your family have for you as a child?
question-purchase = What did you buy with the first money you earned?
question-fear = What were you most afraid of as a child?
question-cinema = Which was the first film you saw in a cinema?
question-loss = Which lost or broken thing did you miss the longest?
question-doctor = What was the surname of the doctor who treated you as a child?
question-gift = Which present will you remember all your life?
question-poem = Which was the first poem you learned by heart?
question-chief = What was the surname of your first boss?
question-hiding = Where did you hide when you played hide-and-seek?

question-missing = Choose a question from the list.
question-twice = You have already chosen this question above. Take another.
answer-empty = Enter your answer.
answer-short = The answer is too short: it needs at least two letters or digits.
answer-in-question = The answer only repeats words of the question, so it is easy to guess. Answer in your own words.
answer-twice = You have given this answer to another question. The answers have to differ.
answers-wrong = { $left ->
    [one] The answers are not right. You have { $left } try left.
   *[other] The answers are not right. You have { $left } tries left.
  }
