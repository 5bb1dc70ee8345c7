landing-description = 独立的海外购物账户：包裹送达之前，货款由我们保管。使用手机号注册。
help-description = 登录、注册、密码、银行卡以及核实消息：账户常见问题解答。
landing-title = 货到手，款才走
landing-lead = 面向电商平台买家和卖家的独立国际支付系统。您付的款由我们保管，等您确认收货后才会交给卖家。
landing-go-gloss = 前往我的 { $brand }
landing-gift-line = 新用户注册即送 { $sum } 优惠码。

landing-how-title = 如何运作
landing-how-pay = 您付款
landing-how-pay-text = 在电商平台选好商品，用您方便的方式付款。
landing-how-wait = 货款由我们保管
landing-how-wait-text = 货款由我们收取并保管。商品还在路上时，卖家拿不到这笔钱。
landing-how-arrive = 商品送达
landing-how-arrive-text = 您取到包裹，检查是不是您订的商品。
landing-how-confirm = 您确认收货
landing-how-confirm-text = 只有到这一步，货款才会转给卖家。

landing-guarantees-title = 我们的保障
landing-guarantee-dispute = 纠纷胜诉，货款退还
landing-guarantee-dispute-text = 纠纷判您胜诉，货款就退还给您。
landing-guarantee-lost = 没收到货，退还货款
landing-guarantee-lost-text = 收到商品之前，您的钱一直安全存放。包裹没有送达，我们就把钱退给您。
landing-guarantee-strangers = 防范诈骗
landing-guarantee-strangers-text = 每一笔交易我们都会通过邮件或短信通知您；登录还可以再加一道应用验证码。
landing-guarantee-sellers = 防范不良卖家
landing-guarantee-sellers-text = 卖家无法收钱不发货，因为钱不在卖家手里。
landing-attention = 请注意！
landing-attention-text = 如果您赢得纠纷，卖家必须退款。电商平台的管理方会监督执行。

landing-in-title = 如何登录
landing-in-text = 进入个人账户有两种方式，哪一种都可以。
landing-in-marketplace = 通过电商平台
landing-in-marketplace-text = 只要您在 { -marketplace } 买过一次东西，账户就已经有了：首次付款购物后会自动建立。
landing-in-marketplace-1 = 登录您的 { -marketplace } 账号。
landing-in-marketplace-2 = 打开右上角的菜单，选择“我的 { -marketplace }”（俄文为“Мой { -marketplace }”）。
landing-in-marketplace-3 = 点击“我的 { $brand }”（“Мой { $brand }”），即可进入。
landing-in-site = 通过本站
landing-in-site-text = 适合已在本站注册的用户。
landing-in-site-1 = 点击“Go to My { $brand }”。
landing-in-site-2 = 在“登录”标签页输入账号（ID）、手机号或电子邮箱，以及密码。
landing-in-site-3 = 点击“登录”按钮。
landing-register = 还没有账户？立即注册，只需手机号和密码。

landing-cards-title = 银行卡和币种
landing-cards-text = 支持 { $card_brands }，普通工资卡即可，无需另办外币卡。
landing-currencies = 我们支持 { $count } 种货币：
currency-name = { $code ->
    [USD] 美元
    [EUR] 欧元
    [GBP] 英镑
    [RUB] 俄罗斯卢布
    [HKD] 港元
    [SGD] 新加坡元
    [JPY] 日元
    [CAD] 加拿大元
    [AUD] 澳大利亚元
    [NZD] 新西兰元
    [CHF] 瑞士法郎
    [SEK] 瑞典克朗
    [DKK] 丹麦克朗
    [NOK] 挪威克朗
   *[other] { $code }
  }

help-title = 帮助
help-lead = 常见问题的简短回答。
help-contents = 问题
help-forgotten-title = 忘记密码怎么办？
help-forgotten-text = 在登录页面点击“忘记密码？”。我们会向您的邮箱发送邮件；没有邮箱时发送短信验证码，并询问您设置的安全问题。既没有已确认的邮箱、也没有安全问题时，无法自行找回密码，只能联系客服。请提前在个人资料中添加。
help-forgotten-link = 找回账户
help-questions-title = 安全问题有什么用？
help-questions-text = 如果您忘记密码，我们会先发送邮件或短信，再询问您自己选择的三个问题。这样，即使有人进入了您的邮箱或拿到您的手机，也无法找回账户。可以在个人资料中设置或更换问题。我们不保存也看不到您的答案，只保存无法还原的指纹。
help-questions-link = 安全问题
help-card-title = 如何添加银行卡？
help-card-text = 点击页面顶部的银行卡图标，打开“银行卡”页面，再点击“添加银行卡”，输入卡号、持卡人姓名、有效期和安全码。支持 { $card_brands }。卡号直接交给银行，我们不保存。
help-charge-title = 验证会扣多少钱？什么时候退还？
help-charge-text = { $least } 至 { $most } 之间。银行会发送金额消息，请在银行卡页面上输入。验证完成后立即退还；如果没有完成，也会在 24 小时内退还。
help-charge-late = 银行会立即或在几天内显示退款。银行卡页面始终写明钱在哪里、最迟何时退还。如果过了这个时间还没有退款，请联系客服。
help-declined-title = 为什么银行卡没有通过？
help-declined-text = 原因只有银行会告知持卡人：请拨打卡背面的电话。有些银行不允许网上支付，或卡内余额不足。这样的尝试不会扣款。
help-removal-title = 如何解绑银行卡？
help-removal-text = 打开“银行卡”，选择该卡并点击“解绑银行卡”。如果验证金额尚未退还，也会退回已解绑的卡。
help-sms-title = 如何关闭短信？
help-sms-text = 在个人账户中打开“短信通知”，选择要通知的内容和金额。每一笔交易我们至少用一种方式通知您：关闭短信后改用邮件。
help-support-title = 如何联系客服？
help-support-text = 请提供账号。如果错误页面上有请求编号，也请一并提供。请勿提供密码、短信验证码或银行卡信息：工作人员不需要这些。
help-sign-in-title = 如何登录？
help-sign-in-text = 在“登录”标签页输入账号、电子邮箱或手机号，以及密码。号码中可以有空格和连字符，邮箱不区分大小写；密码则一个字符都不能错。
help-sign-in-link = 前往登录
help-number-title = 什么是账号？
help-number-text = 账号（ID）是 12 位数字，注册完成时和个人账户首页都会显示。即使换了手机号，也能用它登录。账号不是秘密，密码才是。
help-registration-title = 如何注册？
help-registration-text = 只需要手机和密码。我们发送短信验证码，征求您对个人信息处理的同意，然后请您设置密码。最后您会看到账号和作为礼物的优惠码。注册一次即可。
help-registration-link = 注册
help-promo-title = 我的优惠码在哪里？
help-promo-text = 注册后我们会赠送优惠码：它显示在账号页面和个人账户中，并注明有效期。付款购物时输入即可。
help-code-title = 为什么收不到验证码？
help-code-text = 短信有时要等几分钟。请核对国家和号码，检查信号，并看看是否被归入垃圾短信。第一条短信发出一分钟后可以重新发送。
help-password-title = 密码有什么要求？
help-password-text = 至少 8 个字符，其中至少有一个阿拉伯数字。相邻的数字不能重复，也不能连续：11、12、21 不行，19 和 4k7 可以。
help-password-why = 1234 和重复数字最容易被猜到，所以我们不接受。也请不要使用出生年份。最简单的办法是选几个互不相关的词，中间加一个数字。
help-locked-title = 为什么要等待？
help-locked-text = 多次输错后我们会暂停一段时间，以防有人猜测密码。页面会写明要等多久。在您以前登录过的浏览器中，暂停期间也可以登录。
help-money-title = 付款后我的钱在哪里？
help-money-text = 由我们保管：您确认收货之前，钱一直在我们这里，确认之后才转给卖家。没有收到商品，钱就退给您。
help-dispute-text = 如果纠纷判您胜诉，卖家必须退款，电商平台的管理方会监督执行。
help-safety-title = 如何防范诈骗？
help-safety-code = 不要把短信验证码和密码告诉任何人。我们绝不会向您索要，无论是电话还是文字。
help-safety-address = 输入密码之前，请核对浏览器中的网址。
help-safety-mail = 我们的每封邮件末尾都有编号，凭编号可以核实是否由我们发出。邮件中的链接都不会通向要求填写银行卡信息的页面。
help-browser-title = 需要什么浏览器？
help-browser-text = 任何浏览器都可以。本站不用 JavaScript 也能使用，包括文本浏览器和读屏软件。只需要 Cookie：没有它，我们在下一页就认不出您。

privacy-title = 隐私政策
policy-version = { $month }版
policy-lead = 本文说明本站需要您的哪些信息、用途是什么、保存多久，以及您可以如何处理这些信息。我们力求简短易懂。本政策依据俄罗斯 2006 年 7 月 27 日第 152-FZ 号联邦法律《个人数据法》制定。
policy-who-title = 由谁负责
policy-who-text = { $operator ->
    [none] 个人信息的运营者，是在自己的服务器上运营 { $host } 网站的一方。
   *[other] 个人信息的运营者是 { $operator }，地址：{ $address }。
  }本站是独立网站：Alipay 和蚂蚁集团不运营本站，也不会从本站获得您的任何信息。
policy-what-title = 哪些信息，用来做什么
policy-what-phone = 手机号
policy-what-phone-why = 用于注册、发送验证码和交易通知，以及在登录时识别您。
policy-what-email = 电子邮箱（如果您提供）
policy-what-email-why = 用于在登录时识别您、发送交易邮件，并在您无法登录时帮您恢复。
policy-what-password = 密码
policy-what-password-why = 确保只有您能进入账户。我们不保存密码本身，只保存无法还原出密码的指纹。
policy-what-profile = 姓名、时区、安全问题和验证器密钥（如果您提供了）
policy-what-profile-why = 用于称呼您、按您所在地显示时间，并帮助您找回账户。我们不保存答案本身，只保存无法还原的指纹；验证器密钥加密保存。
policy-what-visits = 登录时间、IP 地址和浏览器信息
policy-what-visits-why = 用于发现他人的登录企图、限制猜测密码，并向您展示记录。
policy-what-money = 购物、付款、退款和优惠码
policy-what-money-why = 用于在收货前保管货款、按纠纷结果退款，并依法记账。
policy-what-card = 银行卡（如果您绑定）：卡组织、末四位、有效期和持卡人姓名
policy-what-card-why = 让您可以付款和收到退款。完整卡号和卡背面的安全码我们不保存，直接交给银行。
policy-what-consent = 您的同意：文本版本、时间和 IP 地址
policy-what-consent-why = 用于证明您已同意。您可以向客服索取副本。
policy-what-not = 护照、照片、通讯录和位置我们都不需要，也不收集。
policy-ground-title = 处理依据
policy-ground-text = 依据您的同意、与您之间的服务约定，以及支付和会计方面的法律要求。同意须单独作出，由您亲自勾选，没有人会替您勾选。
policy-actions-title = 我们如何处理
policy-actions-text = 我们在运营者的服务器上用计算机收集、记录、保存、更正、使用、向下列各方提供、封存和删除信息。凡对您有法律后果的决定，都不会由程序在无人参与的情况下作出。
policy-share-title = 提供给谁
policy-share-lead = 只提供必要的内容，并且只提供给：
policy-share-bank = 银行和支付网关：付款、退款和银行卡的信息；
policy-share-messages = 电信运营商和邮件服务：您的号码或地址，以及消息内容；
policy-share-marketplace = 您登录或购物所用的电商平台：账号和付款状态；
policy-share-state = 国家机关：仅在法律明确要求时。
policy-share-not = 信息不会出售，也不用于广告。页面上没有第三方的统计、字体和脚本。
policy-term-title = 保存多久
policy-term-codes = 验证码和一次性链接：使用或失效后不超过一天。
policy-term-attempts = 未完成注册的数据：不超过一天。客服受理编号：30 天。
policy-term-sessions = 会话记录：结束后 { $days } 天。
policy-term-journal = 登录及重要操作日志（含 IP 地址）：{ $days } 天。
policy-term-messages = 邮件和短信的记录（时间、收件地址、内容类别、是否送达）：{ $days } 天。正文在发送后立即删除。
policy-term-account = 手机号、邮箱、账号和同意记录：直到账户关闭或同意撤回。
policy-term-money = 资金交易记录：依法至少五年。
policy-rights-title = 您的权利
policy-rights-know = 了解我们有您的哪些信息，并取得副本。
policy-rights-mend = 更正错误或过时的信息。
policy-rights-withdraw = 撤回同意或反对处理，无需说明理由。
policy-rights-complain = 向俄罗斯联邦通信监督局（Roskomnadzor）投诉，或向法院起诉。
policy-rights-how = 请联系运营者并说明您的账号。您会在 10 个工作日内得到答复。
policy-delete-title = 如何删除
policy-delete-text = 撤回同意或关闭账户后，我们停止使用信息，并在 30 天内删除，只保留法律要求保存的内容，例如交易记录。如果账户里还有钱或有未结的纠纷，需要先处理完毕。
policy-guard-title = 如何保护
policy-guard-text = 与本站的连接经过加密，机密内容加密存放，工作人员每次查看账户都会留下记录。万一信息落入他人之手，我们会在一天之内报告 Roskomnadzor，并告诉您发生了什么、该怎么做。
policy-cookies-title = Cookie
policy-cookies-text = 数量不多，都是运行所必需：登录后识别您、记住熟悉的设备、引导注册步骤、防止表单被伪造、记住语言。没有广告 Cookie。
policy-change-title = 政策变更
policy-change-text = 每个版本都有日期，写在页面开头。如有重要变更，我们会重新征求您的同意。
