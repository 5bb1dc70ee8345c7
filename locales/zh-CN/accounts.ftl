# Tabs and sign-in
tabs-label = 登录和注册
tab-sign-in = 登录
tab-registration = 注册
sign-in-title = 登录个人账户
login-label = 登录名
login-hint = 账号（ID）、电子邮箱或手机号
password-label = 密码
sign-in-submit = 登录
sign-in-forgotten = 忘记密码？很快就可以在这里通过电子邮箱找回。
sign-in-only-registered = 只有已注册的用户才能登录。
sign-in-register = 立即注册

# Registration
registration-step = 第 { $step } 步，共 5 步
registration-title = 注册
registration-lead = 请填写手机号，我们会发送 4 位数字验证码。
country-label = 国家或地区代码
phone-label = 手机号
phone-hint = 可以带空格、括号和连字符，带不带国家代码都行
registration-send-code = 获取验证码
registration-why = 注册一次即可。之后可以绑定银行卡、查看购物记录，优惠码马上就送给您。

code-title = 输入短信验证码
code-sent = 验证码已发送到 { $phone }。
code-label = 4 位数字验证码
code-left = 您有 { $left } 次机会。
again-wait = { $time } 起可以重新发送短信。
again-refresh = 刷新
again-submit = 重新发送验证码
restart-submit = 换一个号码
no-code-link = 没收到验证码？
no-code-title = 没收到验证码？
no-code-wait = 请等几分钟：运营商有时会延迟。
no-code-number = 核对上面的号码。如果有误，请换一个号码。
no-code-phone = 看看有没有信号，短信箱是否已满。漫游时可能收不到短信。
no-code-blocked = 查看垃圾短信和黑名单：手机有时会屏蔽陌生号码。
no-code-same = 重新发送时，只要验证码仍然有效，收到的就是同一个。哪一条短信都可以用。
no-code-back = 输入验证码

agree-title = 同意处理个人信息
agree-lead = 开立账户需要您的同意。您同意的内容如下：
agree-what = 哪些信息：手机号、您提供的电子邮箱、登录时间和 IP 地址、浏览器信息、您的交易。
agree-why = 用途：为您注册、确保只有您能进入账户、办理付款和退款，并通知您。
agree-how = { $brand } 的运营者如何处理：收集、记录、保存、更正、使用，提供给银行、电信运营商、邮件服务和电商平台，封存和删除。
agree-term = 期限：在您使用账户期间。您可以随时撤回同意。
agree-read = 阅读隐私政策全文
agree-label = 我同意隐私政策，并同意处理我的个人信息
agree-gloss = “同意”
agree-otherwise = 如果不同意，关闭页面即可：账户不会建立，手机号会在一天之内删除。

version-title = 国际版
version-lead = 您正在注册 { $brand } 国际版。要继续吗？
version-currencies = 可以用 14 种货币付款，支持 Visa 和 MasterCard。
version-languages = 本站提供俄文、英文和中文，可在右上角切换。
version-abroad = 卖家和电商平台可能在不同国家，因此付款信息也会到达那里。
version-gloss = “是，继续”

new-password-title = 设置密码
new-password-rule = 密码中至少要有一个阿拉伯数字，相邻的数字不能重复，也不能连续。
new-password-examples = 例如 11、12、21 不行，19 和 4k7 可以。三四个随意的词，中间加一个数字，就是好密码。
new-password-label = 密码
new-password-hint = 至少 8 个字符，可以有空格
again-label = 再输入一次密码
registration-email-label = 电子邮箱（选填）
registration-email-hint = 可以用来登录，忘记密码时也能帮您找回
registration-submit = 创建账户

done-title = 账户已创建
done-lead = 您的账号：
done-number-text = 请记下来：即使换了手机号，也能用账号和密码登录。账号始终显示在个人账户首页。
done-email = 邮件已发送到 { $address }。打开其中的链接或输入验证码，邮箱即可确认。
done-email-link = 输入邮件中的验证码
done-cabinet = 进入个人账户
gift-title = 送给您的礼物：{ $sum } 优惠码
gift-code = 优惠码：
gift-text = 付款购物时可以使用。
gift-until = 有效期至

expired-title = 注册已超时
expired-text = 等待时间太长，我们关闭了这次注册，以免他人使用。账户没有创建。请重新开始，只要几分钟。
expired-restart = 重新开始

already-title = 您已经登录
already-number = 您的账号：
already-text = 无需再次登录。要使用其他账户，请先退出当前账户。
already-cabinet = 进入个人账户

# E-mail address
email-title = 电子邮箱
email-why = 交易邮件会发到这里。您也可以用它登录，忘记密码时还能帮您恢复。
email-current = 目前已确认的邮箱：
email-replace-text = 要更换，请输入新邮箱。新邮箱确认之前，原邮箱继续有效。
email-pending = 正在等待确认 { $address }。没收到邮件，请查看垃圾邮件或重新发送。
email-pending-link = 输入邮件中的验证码
email-label = 电子邮箱
email-hint = 例如 anna@example.com
email-password-hint = 以确认是您本人在更换邮箱
email-submit = 发送邮件
email-code-title = 邮件验证码
email-code-sent = 邮件已发送到 { $address }。里面有一个链接和一个 6 位数字验证码，用其中一个即可。
email-code-label = 6 位数字验证码
email-code-submit = 确认邮箱
email-code-not-there = 没有收到？请等几分钟，并查看垃圾邮件。如果邮箱属于其他账户，收到的将是一封说明邮件，而不是验证码。
email-code-again = 重新发送邮件或更换邮箱

confirmation-title = 确认邮箱
confirmation-lead = 点击按钮，邮箱就会绑定到账户。
confirmation-address = 邮箱
confirmation-number = 账号
confirmation-gloss = “确认”
confirmation-not-you = 如果这不是您本人的操作，请不要点击，关闭页面即可：未经确认，邮箱不会绑定。
confirmation-used-title = 邮箱已经确认
confirmation-used-text = 此链接已经用过，无需其他操作。
confirmation-expired-title = 链接已过期
confirmation-expired-text = 链接的有效期为 24 小时，现已超过。请登录后重新发送邮件。
confirmation-replaced-title = 有更新的链接
confirmation-replaced-text = 在这封邮件之后，您又申请了一封。请打开最新邮件中的链接。
confirmation-new = 发送新邮件
confirmed-title = 邮箱已确认
confirmed-text = 今后邮件会发到 { $address }，您也可以用它登录。

# Cabinet
cabinet-title = 个人账户
cabinet-greeting = 您好！您的购物、银行卡和礼物都在这里。
cabinet-number = 账号
cabinet-missing-title = 请添加电子邮箱
cabinet-missing-text = 目前账户只有手机号。万一手机出了问题，邮箱可以帮您恢复登录。
cabinet-missing-link = 添加邮箱
cabinet-pending-title = 请确认电子邮箱
cabinet-pending-text = 邮件已发送到 { $address }。打开其中的链接或输入验证码。
cabinet-pending-code = 输入验证码
cabinet-pending-other = 重新发送或更换邮箱
cabinet-operations-title = 最近交易
cabinet-operations-none = 目前还没有交易。
cabinet-operations-next = 您在电商平台付款后，交易会显示在这里：金额、卖家，以及钱现在在哪里。
cabinet-cards-title = 银行卡
cabinet-cards-link = 查看银行卡

# Errors: what is wrong and what to do
login-empty = 请输入账号、电子邮箱或手机号。
login-long = 登录名不会超过 { $max } 个字符。请检查是否粘贴了多余的内容。
sign-in-wrong = 登录名或密码不正确。请检查键盘布局和大写锁定，然后再试。
password-empty = 请输入密码。
password-long = 密码不能超过 { $max } 个字符，请缩短。
sign-in-wait = 失败次数过多。请等 { $minutes } 分钟再试。
country-wrong = 请从列表中选择国家或地区。
phone-empty = 请输入手机号。
phone-wrong = 该国家或地区没有这个号码。请核对国家和数字。
phone-characters = 号码中只能有数字、空格、括号、连字符和开头的加号。请删除其他字符。
phone-long = 号码的数字太多。请检查是否粘贴了多余的内容。
phone-not-mobile = 此号码无法接收短信。请填写手机号。
code-empty = 请输入消息中的验证码。
code-format = 验证码是 { $digits } 位数字，没有其他字符。请检查您的输入。
code-wrong = 验证码不正确。还有 { $left } 次机会。
code-spent = 机会已用完，此验证码不再有效。请重新获取。
code-expired = 验证码已过期。请重新获取。
agree-unticked = 请勾选同意：没有您的同意，我们无法开立账户。
password-short = 密码太短，至少需要 { $min } 个字符。
password-no-digit = 密码中没有阿拉伯数字。请至少加一个 0 到 9 的数字。
password-digits-repeat = 密码中有相邻的重复数字“{ $pair }”。请更换其中一个，或在中间加一个字母。
password-digits-sequence = 密码中相邻的数字“{ $pair }”是连续的。请更换其中一个，或在中间加一个字母。
password-common = 这个密码太常见，最先被猜到的就是这类密码。请换一个。
password-weak = 这个密码容易被猜到。请加长，例如再加一两个随意的词。
password-personal = 密码中含有您的手机号、邮箱或服务名称，这些最先被猜到。请换一个。
password-control = 密码中有看不见的控制字符。请用键盘重新输入。
password-again-differs = 两次输入的密码不一致。请在两个框中输入相同的密码。
email-empty = 请输入电子邮箱。
email-wrong = 邮箱格式不正确，应类似 anna@example.com。
email-long = 邮箱太长。请检查是否粘贴了多余的内容。
email-characters = 邮箱中有不允许的字符，例如空格。请删除。
field-control = 这里有看不见的控制字符。请用键盘重新输入。
field-long = 内容太长，最多 { $max } 个字符。
sign-in-ended = 会话已结束：长时间没有操作时我们会将其关闭。请重新登录。
phone-wait = 已向该号码发送过验证码，或请求次数过多。请在 { $time } 之后再试。
password-wrong = 密码不正确。请检查键盘布局和大写锁定键。
